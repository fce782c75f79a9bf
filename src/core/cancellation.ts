import { FlockError } from "./errors.js";
import { toFlockError } from "./fault.js";
import type { MaybePromise } from "./hooks.js";

/** Something that can be stopped once, at once, with a reason; stopping a parent stops its children. */
export class Cancellation {
  readonly #controller = new AbortController();

  constructor(parent?: AbortSignal) {
    if (!parent) return;
    const follow = () => this.cancel(reasonOf(parent));
    if (parent.aborted) follow();
    else parent.addEventListener("abort", follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason: FlockError): void {
    if (!this.signal.aborted) this.#controller.abort(reason);
  }
}

/** Why a signal was aborted. */
export function reasonOf(signal: AbortSignal): FlockError {
  return signal.reason instanceof FlockError ? signal.reason : toFlockError("It was stopped", "cancelled");
}

/** The work's result, or the reason of the signal as soon as it is aborted, whatever the work then does. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(reasonOf(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    const settle = () => signal.removeEventListener("abort", onAbort);
    work.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
  });
}

/**
 * The work's result, or undefined as soon as its owner's signal is aborted; work that is at hand stays synchronous, and
 * asks for no signal.
 */
export function unlessAborted<T>(
  work: MaybePromise<T>,
  owner: { readonly signal: AbortSignal },
): MaybePromise<T | undefined> {
  if (!(work instanceof Promise)) return work;
  const { signal } = owner;
  return untilAborted(work, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
}
