/** Time, injected so that tests own it. Milliseconds. */
export interface Clock {
  now(): number;
  /** Calls back after `ms`, however long that is. */
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Timers of JavaScript hold no longer: what is above fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A timer of any length, in legs. Like Node's own, `unref` keeps it from keeping the process. */
class LongTimer {
  readonly #due: number;
  readonly #callback: () => void;
  #leg: unknown;
  #kept = true;

  constructor(callback: () => void, ms: number) {
    this.#callback = callback;
    this.#due = Date.now() + ms;
    this.#wait(ms);
  }

  clear(): void {
    clearTimeout(this.#leg as never);
  }

  unref(): void {
    this.#kept = false;
    unref(this.#leg);
  }

  #wait(left: number): void {
    this.#leg =
      left > LONGEST_TIMER
        ? setTimeout(() => this.#wait(this.#due - Date.now()), LONGEST_TIMER)
        : setTimeout(this.#callback, left);
    if (!this.#kept) unref(this.#leg);
  }
}

function unref(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => (ms > LONGEST_TIMER ? new LongTimer(callback, ms) : setTimeout(callback, ms)),
  clearTimeout: (handle) => {
    if (handle instanceof LongTimer) handle.clear();
    else clearTimeout(handle as never);
  },
};
