import { FlockError } from "./errors.js";
import { RuntimeMode } from "./runtime-mode.js";

/** The runtime mode of one flock: `cli` until decided, and decided once. */
export class ModeSwitch {
  #mode: RuntimeMode = RuntimeMode.CLI;
  #decided = false;

  constructor(mode: RuntimeMode | undefined) {
    if (mode !== undefined) this.decide(mode);
  }

  get mode(): RuntimeMode {
    return this.#mode;
  }

  /** Throws `conflict` if another mode is decided already. */
  decide(mode: RuntimeMode): void {
    if (this.#decided && mode !== this.#mode)
      throw new FlockError("conflict", `This flock runs in ${this.#mode} mode; it cannot change to ${mode}`);
    this.#mode = mode;
    this.#decided = true;
  }

  /** From now on it stays as it is. */
  settle(): void {
    this.#decided = true;
  }
}
