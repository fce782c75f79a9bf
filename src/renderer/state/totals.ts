import type { ViewState } from "../../protocol/view-state.js";
import type { Totals } from "./atoms.js";
import { shapeAmongAttempts } from "./attempts.js";
import { quietFor, STALLED_MS } from "./shape.js";
import type { Slot } from "./slots.js";

/** Counts what the header tells. Rates come from outside, since only the sampler knows them. */
export function totalsOf(
  view: ViewState,
  slots: Iterable<readonly Slot[]>,
  tokensPerSecond: number,
  now: number,
): Totals {
  const counts = { live: 0, paused: 0, stalled: 0, waiting: 0, done: 0, stopped: 0, failed: 0, retried: 0 };
  for (const stream of view.streams.values()) {
    const shape = shapeAmongAttempts(view, stream);
    counts[shape] += 1;
    if (shape === "live" && quietFor(stream, now) >= STALLED_MS) counts.stalled += 1;
  }
  for (const places of slots) {
    for (const slot of places) {
      if (slot.streamId === null && view.workflows.get(slot.workflowId)?.status === "running") counts.waiting += 1;
    }
  }
  return { ...counts, tokensPerSecond };
}

export function sameTotals(a: Totals, b: Totals): boolean {
  return (Object.keys(a) as (keyof Totals)[]).every((key) => a[key] === b[key]);
}
