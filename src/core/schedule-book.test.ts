import { describe, expect, test } from "vitest";
import { FakeClock } from "./fake-clock.testing.js";
import { Flock } from "./flock.js";
import { A, Bench, GatedEngine } from "./flock.testing.js";
import type { Schedule } from "./schedule.js";

const START = Date.UTC(2026, 0, 5, 10, 0, 30);

interface ScheduleCase {
  readonly name: string;
  readonly schedule: Schedule;
  /** Milliseconds after the start at which runs begin, within `watch` milliseconds. */
  readonly watch: number;
  readonly due: readonly number[];
}

const minutes = (count: number) => count * 60_000;

const cases: ScheduleCase[] = [
  { name: "every ten seconds", schedule: { every: 10_000 }, watch: 35_000, due: [10_000, 20_000, 30_000] },
  { name: "once at a time", schedule: { at: START + 5_000 }, watch: 60_000, due: [5_000] },
  { name: "once at a date", schedule: { at: new Date(START + 7_000) }, watch: 60_000, due: [7_000] },
  { name: "at a time that has passed, at once", schedule: { at: START - 5_000 }, watch: 60_000, due: [0] },
  {
    name: "by cron, every minute",
    schedule: { cron: "* * * * *", timezone: "UTC" },
    watch: minutes(2.5),
    due: [30_000, 90_000, 150_000],
  },
  {
    name: "by cron with seconds",
    schedule: { cron: "*/20 * * * * *", timezone: "UTC" },
    watch: 40_000,
    due: [10_000, 30_000],
  },
  {
    name: "by cron in a time zone",
    schedule: { cron: "0 12 * * *", timezone: "Europe/Berlin" },
    watch: minutes(24 * 60),
    due: [minutes(59.5)],
  },
  {
    name: "in sixty days",
    schedule: { at: START + minutes(60 * 24 * 60) },
    watch: minutes(61 * 24 * 60),
    due: [minutes(60 * 24 * 60)],
  },
];

describe("a schedule", () => {
  test.each(cases)("runs an agent $name", async ({ schedule, watch, due }) => {
    const bench = new Bench();
    await bench.clock.advance(START - bench.clock.now());
    bench.agent("timed").schedule(schedule);
    await bench.flock.runUntilIdle();
    await bench.clock.advance(watch);
    expect(bench.of("agent_activated").map((event) => event.timestamp - START)).toEqual(due);
    await bench.flock.shutdown();
  });

  test("gives each run a workflow of its own, with nothing consumed", async () => {
    const bench = new Bench();
    bench.agent("timed").schedule({ every: 1_000 });
    await bench.flock.runUntilIdle();
    await bench.clock.advance(2_000);
    expect(bench.runs()).toEqual(["", ""]);
    expect(new Set(bench.of("workflow_finished").map((event) => event.correlationId)).size).toBe(2);
  });

  test("of a flock whose mode is given runs by itself", async () => {
    const bench = new Bench();
    bench.agent("timed").schedule({ every: 1_000 });
    bench.agent("other").schedule({ every: 1_000 });
    await bench.clock.advance(2_000);
    expect(bench.runs("timed")).toHaveLength(2);
    expect(bench.runs("other")).toHaveLength(2);
  });

  test("of a flock whose mode is open waits for its start", async () => {
    const clock = new FakeClock();
    const flock = new Flock({ clock });
    const runs: string[] = [];
    flock
      .agent("timed")
      .schedule({ every: 1_000 })
      .withEngine(() => void runs.push("run"));
    await clock.advance(5_000);
    expect(runs).toEqual([]);
    flock.start();
    await clock.advance(1_000);
    expect(runs).toEqual(["run"]);
    await flock.shutdown();
  });

  test("added while the flock runs starts then", async () => {
    const bench = new Bench();
    await bench.flock.runUntilIdle();
    bench.agent("timed").schedule({ every: 1_000 });
    await bench.clock.advance(1_000);
    expect(bench.runs()).toHaveLength(1);
  });

  test("does not pile up runs behind a slow one", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("slow").maxConcurrency(1).withEngine(engine).schedule({ every: 1_000 });
    await bench.flock.runUntilIdle();
    await bench.clock.advance(10_000);
    expect(engine.calls).toHaveLength(1);
    engine.call(0).finish();
    await bench.clock.advance(500);
    engine.call(1).finish();
    await bench.clock.advance(0);
    expect(bench.of("agent_completed")).toHaveLength(2);
    expect(engine.calls).toHaveLength(2);
  });

  test("ends with the flock", async () => {
    const bench = new Bench();
    bench.agent("timed").schedule({ every: 1_000 });
    await bench.flock.runUntilIdle();
    await bench.flock.shutdown();
    await bench.clock.advance(10_000);
    expect(bench.runs()).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  test("does not keep runUntilIdle waiting", async () => {
    const bench = new Bench();
    bench.agent("timed").schedule({ every: 1_000 });
    bench.agent("x").consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1"]);
  });

  test.each<[Schedule, string]>([
    [{ every: 0 }, "above 0"],
    [{ every: Number.NaN }, "above 0"],
    [{ every: Number.POSITIVE_INFINITY }, "above 0"],
    [{ at: Number.NaN }, "not a time"],
    [{ at: Number.POSITIVE_INFINITY }, "not a time"],
    [{ cron: "* * * * *", timezone: "Mars/Olympus" }, 'schedule.timezone: there is no time zone "Mars/Olympus"'],
    [{ cron: "0 0 30 2 *" }, "never comes"],
    [{} as Schedule, "{ every: milliseconds }"],
    ["* * * * *" as unknown as Schedule, "{ every: milliseconds }"],
    [{ cron: "every now and then" }, "schedule.cron"],
    [{ cron: "99 * * * *" }, "schedule.cron"],
  ])("%o is refused when it is given", (schedule, words) => {
    expect(() => new Bench().agent("timed").schedule(schedule)).toThrow(words);
  });
});
