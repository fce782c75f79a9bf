import { expect, test } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import { Bench } from "./flock.testing.js";
import type { PublishInit } from "./publisher.js";

/** `["A", 1]` publishes A with the number 1; a number lets so many milliseconds pass. */
export type Step = readonly [type: string, n: number, extra?: object, init?: PublishInit] | number;

/** One promise about which artifacts come together. */
export interface GateCase {
  readonly name: string;
  readonly agent: (agent: AgentBuilder) => AgentBuilder;
  readonly steps: readonly Step[];
  /** What the runs consume, in order: `A1 B2`. */
  readonly runs: readonly string[];
  /** What they have consumed before the end of the workflow is waited for, where that differs. */
  readonly runsBeforeEnd?: readonly string[];
}

export function testGates(cases: readonly GateCase[]): void {
  test.each(cases)("$name", async ({ agent, steps, runs, runsBeforeEnd }) => {
    const bench = new Bench();
    agent(bench.agent());
    for (const step of steps) {
      if (typeof step === "number") await bench.clock.advance(step);
      else await bench.publish(...step);
    }
    if (runsBeforeEnd) {
      await bench.clock.advance(0);
      expect(bench.runs()).toEqual(runsBeforeEnd);
    }
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(runs);
    expect(bench.flock.workflows.every((workflow) => workflow.status === "completed")).toBe(true);
  });
}
