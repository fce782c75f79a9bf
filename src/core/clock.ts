/** Time, injected so that tests own it. Milliseconds. */
export interface Clock {
  now(): number;
  /** Calls back after `ms`, however long that is. */
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Timers of JavaScript hold no longer: what is above fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Where the steady clock of this process began, in milliseconds since 1970. */
let began = Date.now() - performance.now();

/**
 * Milliseconds since 1970 that never go back. A computer's clock is set back now and then; what waits for a time or
 * takes one from another would stand still until it is that late again. Forwards this one follows.
 */
function steadyNow(): number {
  const wall = Date.now();
  const steady = began + performance.now();
  if (wall <= steady) return Math.floor(steady);
  began += wall - steady;
  return wall;
}

/** A timer of any length, in legs. Like Node's own, `unref` keeps it from keeping the process. */
class LongTimer {
  readonly #due: number;
  readonly #callback: () => void;
  #leg: unknown;
  #kept = true;

  constructor(callback: () => void, ms: number) {
    this.#callback = callback;
    this.#due = steadyNow() + ms;
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
        ? setTimeout(() => this.#wait(this.#due - steadyNow()), LONGEST_TIMER)
        : setTimeout(this.#callback, left);
    if (!this.#kept) unref(this.#leg);
  }
}

function unref(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}

export const systemClock: Clock = {
  now: steadyNow,
  setTimeout: (callback, ms) => (ms > LONGEST_TIMER ? new LongTimer(callback, ms) : setTimeout(callback, ms)),
  clearTimeout: (handle) => {
    if (handle instanceof LongTimer) handle.clear();
    else clearTimeout(handle as never);
  },
};
