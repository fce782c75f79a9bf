import type { StreamView, ViewState } from "../../protocol/view-state.js";
import { SHAPE_WORD, type Shape } from "../ui/state-icon.js";

type Attempts = Pick<ViewState, "runs" | "streams">;

/**
 * What follows a failed attempt: the stream of the next one for the same output, "soon" until that starts, null where
 * none does. A run also survives faults that it does not try again, so its word alone is not enough once it is over.
 */
export function nextAttempt({ runs, streams }: Attempts, stream: StreamView): StreamView | "soon" | null {
  const run = runs.get(stream.started.run_id);
  const { attempt, artifact_type: type } = stream.started;
  if (run === undefined || stream.status !== "failed") return null;
  if (!run.faults.some((fault) => fault.attempt === attempt && fault.willRetry)) return null;
  for (const id of run.streamIds) {
    const other = streams.get(id);
    if (other?.started.artifact_type === type && other.started.attempt > attempt) return other;
  }
  return run.status === "running" || run.status === "waiting" ? "soon" : null;
}

/** Whether a stream failed for good: an attempt that another follows has not. */
export function hasFailed(view: Attempts, stream: StreamView): boolean {
  return stream.status === "failed" && nextAttempt(view, stream) === null;
}

/** The word for a stream's state, which tells a failure that needs nobody. */
export function stateWords(view: Attempts, stream: StreamView, shape: Shape): string {
  return nextAttempt(view, stream) === null ? SHAPE_WORD[shape] : "failed, tried again";
}
