import { type BoardView, Context } from "./context.js";
import { FlockError } from "./errors.js";
import { RuntimeMode } from "./runtime-mode.js";

export interface ContextParts {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly console?: boolean;
}

/** The runtime mode of one flock: `cli` until decided, decided once, and frozen into every context. */
export class ModeSwitch {
  readonly #board: BoardView;
  readonly #parts: ContextParts;
  readonly #views = new WeakMap<object, Context>();
  #context: Context;
  #decided: boolean;

  constructor(mode: RuntimeMode | undefined, board: BoardView, parts: ContextParts) {
    this.#board = board;
    this.#parts = parts;
    this.#decided = mode !== undefined;
    this.#context = this.#contextFor(mode ?? RuntimeMode.CLI);
  }

  get context(): Context {
    return this.#context;
  }

  /** The same context with the board as somebody else sees it; `view` is asked once for each. */
  contextOf(onlooker: object, view: () => BoardView): Context {
    const known = this.#views.get(onlooker);
    if (known?.runtimeMode === this.#context.runtimeMode) return known;
    const context = this.#contextFor(this.#context.runtimeMode, view());
    this.#views.set(onlooker, context);
    return context;
  }

  get decided(): boolean {
    return this.#decided;
  }

  /** Throws `conflict` if another mode is decided already. */
  decide(mode: RuntimeMode): void {
    const { runtimeMode } = this.#context;
    if (mode !== runtimeMode) {
      if (this.#decided)
        throw new FlockError("conflict", `This flock runs in ${runtimeMode} mode; it cannot change to ${mode}`);
      this.#context = this.#contextFor(mode);
    }
    this.#decided = true;
  }

  #contextFor(runtimeMode: RuntimeMode, board = this.#board): Context {
    const { metadata, console } = this.#parts;
    return new Context({
      board,
      runtimeMode,
      ...(metadata && { metadata }),
      ...(console !== undefined && { console }),
    });
  }
}
