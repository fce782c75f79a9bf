import { FlockError } from "./errors.js";
import type { Fault, Outcome } from "./events.js";

/** Any thrown thing as an error with a code; one that has a code keeps it. */
export function toFlockError(thrown: unknown, code: string): FlockError {
  if (thrown instanceof FlockError) return thrown;
  return new FlockError(code, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

export function faultOf(error: FlockError): Fault {
  return { code: error.code, message: error.message };
}

/** How a stream or run ended that was ended by this error. */
export function outcomeOf(error: FlockError): Outcome {
  return error.code === "cancelled" || error.code === "shutting_down" ? "cancelled" : "failed";
}
