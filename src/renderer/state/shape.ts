import type { RunView, StreamView } from "../../protocol/view-state.js";
import type { Shape } from "../ui/state-icon.js";

const ENDED = { completed: "done", failed: "failed", cancelled: "stopped" } as const;

export function shapeOfStream(stream: StreamView | undefined, run: RunView | undefined): Exclude<Shape, "lost"> {
  if (stream === undefined) return "waiting";
  if (stream.status !== "live") return ENDED[stream.status];
  return run?.status === "waiting" && run.waiting !== null ? "paused" : "live";
}

export function shapeOfRun(run: RunView): Shape {
  if (run.status === "running") return "live";
  return run.status === "waiting" ? "paused" : ENDED[run.status];
}

/** Without new text for so long, a live stream is called stalled; the server gives it up much later. */
export const STALLED_MS = 15_000;

/** Milliseconds since the last text, or since the start where none has come. */
export function quietFor(stream: StreamView, now: number): number {
  return now - (stream.lastTextAt ?? stream.started.started_at);
}

/** A live stream without new text for a while is told by a shape and a word of its own. */
export function stalledShape(shape: Shape, quietMs: number): Shape {
  return shape === "live" && quietMs >= STALLED_MS ? "stalled" : shape;
}

/** What goes on elsewhere is not known while the viewer is cut off; what has ended stays so. */
export function shapeSeen(shape: Shape, cutOff: boolean): Shape {
  return cutOff && (shape === "live" || shape === "paused") ? "lost" : shape;
}

/** The word in `data-state`: waits, stalls and lost connections count as live there, an attempt that is tried again as failed. */
export function stateWord(shape: Shape): "waiting" | "live" | "done" | "stopped" | "failed" {
  if (shape === "retried") return "failed";
  return shape === "paused" || shape === "stalled" || shape === "lost" ? "live" : shape;
}
