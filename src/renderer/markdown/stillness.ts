/** Milliseconds without new text after which the caret starts to breathe. */
const STILL_AFTER = 500;
const STILL = "data-still";
const LOOK_MS = 250;

/** Elements whose text moved lately. One timer looks at all of them: one for each cost a hundredth of the main thread at 16 tiles. */
const moving = new Set<Stillness>();
let timer: ReturnType<typeof setInterval> | undefined;

function look(): void {
  for (const each of moving) if (each.isStill()) moving.delete(each);
  if (moving.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/** Marks an element while nothing arrives: the caret's animation costs 0.5 ms an update, and nobody sees it in moving text. */
export class Stillness {
  readonly #isBehind: () => boolean;
  #element: HTMLElement | undefined;
  #isMarked = false;
  #movedAt = 0;

  /** @param isBehind whether text has arrived that is not shown yet: what is slow to be shown is not still */
  constructor(isBehind: () => boolean) {
    this.#isBehind = isBehind;
  }

  /** Text is shown. */
  moved(element: HTMLElement): void {
    if (this.#element !== element || this.#isMarked) this.#unmark();
    this.#element = element;
    this.#movedAt = performance.now();
    moving.add(this);
    timer ??= setInterval(look, LOOK_MS);
  }

  /** Nothing more is expected. */
  stop(): void {
    moving.delete(this);
    this.#unmark();
  }

  /** Marks the element if that is so. */
  isStill(): boolean {
    if (this.#isBehind() || performance.now() - this.#movedAt < STILL_AFTER) return false;
    this.#element?.setAttribute(STILL, "");
    this.#isMarked = true;
    return true;
  }

  #unmark(): void {
    this.#element?.removeAttribute(STILL);
    this.#isMarked = false;
  }
}
