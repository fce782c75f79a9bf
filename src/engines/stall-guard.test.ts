import { expect, it } from "vitest";
import type { FlockError } from "../core/errors.js";
import { ManualClock } from "./run-context.testing.js";
import { StallGuard } from "./stall-guard.js";

it("tells a stall once, so long after the last sign of life, with few timers", async () => {
  const clock = new ManualClock();
  const faults: FlockError[] = [];
  const guard = new StallGuard(clock, 1000, (fault) => faults.push(fault));
  for (let step = 0; step < 100; step++) {
    await clock.advance(100);
    guard.alive();
  }
  expect(faults).toEqual([]);
  expect(clock.timersSet).toBeLessThan(15);
  await clock.advance(999);
  expect(faults).toEqual([]);
  await clock.advance(1);
  expect(faults).toMatchObject([{ code: "stalled" }]);
  await clock.advance(10_000);
  expect(faults).toHaveLength(1);
});

it("tells nothing after it was stopped", async () => {
  const clock = new ManualClock();
  const faults: FlockError[] = [];
  new StallGuard(clock, 1000, (fault) => faults.push(fault)).stop();
  await clock.advance(5000);
  expect(faults).toEqual([]);
  expect(clock.pending).toBe(0);
});
