import { FlockError } from "../core/errors.js";

/** The fault of a call whose signal aborted: the signal's own reason where it is one of ours. */
export function cancelled(signal: AbortSignal): FlockError {
  return signal.reason instanceof FlockError ? signal.reason : new FlockError("cancelled", "Stopped.");
}
