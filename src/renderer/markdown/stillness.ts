/** Milliseconds without new text after which the caret starts to breathe. */
const STILL_AFTER = 500;
const STILL = "data-still";

/** Marks an element while nothing arrives: the caret's animation costs 0.5 ms an update, and nobody sees it in moving text. */
export class Stillness {
  readonly #isBehind: () => boolean;
  #element: HTMLElement | undefined;
  #movedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isBehind whether text has arrived that is not shown yet: what is slow to be shown is not still */
  constructor(isBehind: () => boolean) {
    this.#isBehind = isBehind;
  }

  /** Text is shown. */
  moved(element: HTMLElement): void {
    this.#element = element;
    this.#movedAt = performance.now();
    if (element.hasAttribute(STILL)) element.removeAttribute(STILL);
    this.#timer ??= setTimeout(this.#check, STILL_AFTER);
  }

  /** Nothing more is expected. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#element?.removeAttribute(STILL);
  }

  // One timer serves many updates: setting one for each costs more than the update's own bookkeeping.
  readonly #check = (): void => {
    const left = this.#isBehind() ? STILL_AFTER : STILL_AFTER - (performance.now() - this.#movedAt);
    this.#timer = left > 0 ? setTimeout(this.#check, left) : undefined;
    if (left <= 0) this.#element?.setAttribute(STILL, "");
  };
}
