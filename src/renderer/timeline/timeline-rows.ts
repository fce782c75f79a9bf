/** Runs as bars on one axis of time. Pure. */
import type { StreamView, ViewState } from "../../protocol/view-state.js";
import { shapeAmongAttempts } from "../state/attempts.js";
import { shapeOfRun, shapeSeen } from "../state/shape.js";
import type { Shape } from "../ui/state-icon.js";

export interface TimelineStream {
  readonly id: string;
  readonly shape: Shape;
  readonly attempt: number;
  readonly start: number;
  readonly firstText: number | null;
  readonly end: number;
}

export interface TimelineRun {
  readonly id: string;
  readonly agent: string;
  readonly workflowId: string;
  readonly shape: Shape;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly streams: readonly TimelineStream[];
}

function streamBar(view: ViewState, stream: StreamView, now: number, cutOff: boolean): TimelineStream {
  const start = stream.started.started_at;
  return {
    id: stream.id,
    shape: shapeSeen(shapeAmongAttempts(view, stream), cutOff),
    attempt: stream.started.attempt,
    start,
    firstText: stream.firstTextAt,
    end: stream.duration === null ? now : start + stream.duration * 1000,
  };
}

/**
 * The runs of one workflow, or of all, in the order in which they began.
 * @param cutOff whether what was live is not known any more
 */
export function timelineRuns(
  view: ViewState,
  workflowId: string | null,
  now: number,
  cutOff: boolean,
): readonly TimelineRun[] {
  const rows: TimelineRun[] = [];
  for (const run of view.runs.values()) {
    const { agent_name: agent, correlation_id: workflow, timestamp: start } = run.activated;
    if (workflowId !== null && workflow !== workflowId) continue;
    const streams = run.streamIds.flatMap((id) => {
      const stream = view.streams.get(id);
      return stream === undefined ? [] : [streamBar(view, stream, now, cutOff)];
    });
    const end = run.duration === null ? now : start + run.duration * 1000;
    rows.push({
      id: run.id,
      agent,
      workflowId: workflow,
      shape: shapeSeen(shapeOfRun(run), cutOff),
      start,
      end: Math.max(end, start, ...streams.map((stream) => stream.end)),
      streams,
    });
  }
  return rows;
}

/** How many runs were under way at once, at most. */
export function mostAtOnce(runs: readonly TimelineRun[]): number {
  const edges = runs.flatMap((run) => [
    { at: run.start, by: 1 },
    { at: run.end, by: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of edges) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

const STEPS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 3_600_000,
];

/** Round times, in milliseconds from the start, for an axis of this length: at most eight. */
export function axisTicks(length: number): readonly number[] {
  const step = STEPS.find((candidate) => length / candidate <= 8) ?? length / 8;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, at) => at * step);
}
