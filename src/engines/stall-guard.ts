import type { Clock } from "../core/clock.js";
import { FlockError } from "../core/errors.js";

/** No new text for so long is a stall. */
export const STALL_TIMEOUT_MS = 120_000;

/** Calls `onStall` with `stalled` when `alive` was not called for `ms`. Costs one timer, not one for each token. */
export class StallGuard {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onStall: (fault: FlockError) => void;
  #last: number;
  #timer: unknown;
  #stopped = false;

  constructor(clock: Clock, ms: number, onStall: (fault: FlockError) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onStall = onStall;
    this.#last = clock.now();
    this.#arm(ms);
  }

  alive(): void {
    this.#last = this.#clock.now();
  }

  stop(): void {
    this.#stopped = true;
    this.#clock.clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#stopped) return;
      const left = this.#last + this.#ms - this.#clock.now();
      if (left > 0) return this.#arm(Math.min(left, this.#ms));
      this.#stopped = true;
      this.#onStall(
        new FlockError("stalled", `No new text came for ${Math.round(this.#ms / 1000)} s. The text so far is kept.`),
      );
    }, ms);
  }
}
