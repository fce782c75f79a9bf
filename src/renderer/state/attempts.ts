import type { RunView, StreamView } from "../../protocol/view-state.js";
import type { Shape } from "../ui/state-icon.js";
import { shapeOfStream } from "./shape.js";

/** Where runs and streams are looked up: a `ViewState`, or atoms. */
export interface Attempts {
  readonly runs: { get(id: string): RunView | undefined };
  readonly streams: { get(id: string): StreamView | undefined };
}

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

/** The shape of a stream among the attempts of its run: one that failed and is tried again needs nobody. */
export function shapeAmongAttempts(attempts: Attempts, stream: StreamView): Exclude<Shape, "lost"> {
  const shape = shapeOfStream(stream, attempts.runs.get(stream.started.run_id));
  return shape === "failed" && nextAttempt(attempts, stream) !== null ? "retried" : shape;
}
