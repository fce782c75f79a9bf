import type { Clock } from "./types.js";

/** Timers that do not keep the process alive, and that end together. */
export class Timers {
  readonly #clock: Clock;
  readonly #open = new Set<unknown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(ms: number, callback: () => void): unknown {
    const timer = this.#clock.setTimeout(() => {
      this.#open.delete(timer);
      callback();
    }, ms);
    this.#open.add(timer);
    if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function")
      timer.unref();
    return timer;
  }

  cancel(timer: unknown): void {
    if (this.#open.delete(timer)) this.#clock.clearTimeout(timer);
  }

  dispose(): void {
    for (const timer of [...this.#open]) this.cancel(timer);
  }
}
