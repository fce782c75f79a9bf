import { expect, test } from "vitest";
import { axisTicks, mostAtOnce, type TimelineRun } from "./timeline-rows.js";

const run = (start: number, end: number): TimelineRun => ({
  id: `${start}-${end}`,
  agent: "a",
  workflowId: "w",
  shape: "done",
  start,
  end,
  streams: [],
});

test("runs that only touch are not at the same time", () => {
  expect(mostAtOnce([run(0, 10), run(10, 20)])).toBe(1);
  expect(mostAtOnce([run(0, 10), run(5, 20), run(9, 12)])).toBe(3);
  expect(mostAtOnce([])).toBe(0);
});

test.each([900, 7_000, 65_000, 3_000_000])("an axis of %i ms has at most nine round ticks from zero", (length) => {
  const ticks = axisTicks(length);
  expect(ticks[0]).toBe(0);
  expect(ticks.length).toBeLessThanOrEqual(9);
  expect(ticks.at(-1)).toBeLessThanOrEqual(length);
});
