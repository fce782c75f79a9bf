import type { RunView, StreamView } from "../../protocol/view-state.js";
import type { Shape } from "../ui/state-icon.js";

const ENDED = { completed: "done", failed: "failed", cancelled: "stopped" } as const;

export function shapeOfStream(stream: StreamView | undefined, run: RunView | undefined): Shape {
  if (stream === undefined) return "waiting";
  if (stream.status !== "live") return ENDED[stream.status];
  return run?.status === "waiting" && run.waiting !== null ? "paused" : "live";
}

export function shapeOfRun(run: RunView): Shape {
  if (run.status === "running") return "live";
  return run.status === "waiting" ? "paused" : ENDED[run.status];
}

/** The word in `data-state`: a provider wait counts as live there. */
export function stateWord(shape: Shape): "waiting" | "live" | "done" | "stopped" | "failed" {
  return shape === "paused" ? "live" : shape;
}
