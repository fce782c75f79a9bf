import type { Clock } from "./clock.js";
import type { MaybePromise } from "./hooks.js";

/** How long a hook may still take once it is time to end, in milliseconds. */
export const HOOK_GRACE = 500;

/**
 * Waits for what a hook returned; once the signal is aborted (or at once, without one), for `HOOK_GRACE` more at most.
 * Rejects when that is over.
 */
export function withGrace(work: unknown, clock: Clock, signal?: AbortSignal): MaybePromise<unknown> {
  if (!(work instanceof Promise)) return work;
  return new Promise((resolve, reject) => {
    let timer: unknown;
    const late = () => reject(new Error(`It did not end within ${HOOK_GRACE / 1000} s`));
    const arm = () => {
      timer = clock.setTimeout(late, HOOK_GRACE);
    };
    if (!signal || signal.aborted) arm();
    else signal.addEventListener("abort", arm, { once: true });
    const settle = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", arm);
    };
    work.then(resolve, reject).finally(settle);
  });
}
