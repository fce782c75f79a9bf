import { FlockError } from "./errors.js";

/** Exactly one of the three. */
export interface CancelTarget {
  readonly streamId?: string;
  readonly runId?: string;
  readonly correlationId?: string;
}

/** The one id of a target and what it names. Throws `invalid_request` unless there is exactly one. */
export function soleTarget(target: CancelTarget): { readonly kind: keyof CancelTarget; readonly id: string } {
  const named = (["streamId", "runId", "correlationId"] as const).flatMap((kind) => {
    const id = target[kind];
    return id === undefined ? [] : [{ kind, id }];
  });
  const [sole] = named;
  if (!sole || named.length > 1)
    throw new FlockError("invalid_request", "Name exactly one of streamId, runId, correlationId");
  return sole;
}
