import { describe, expect, test } from "vitest";
import type { Visibility } from "./artifact.js";
import { A, B, Bench } from "./flock.testing.js";
import { visibility } from "./visibility.js";

interface Case {
  readonly rule: Visibility;
  readonly seenBy: readonly string[];
}

const cases: Case[] = [
  { rule: visibility.public, seenBy: ["plain", "press", "north"] },
  { rule: visibility.private("plain"), seenBy: ["plain"] },
  { rule: visibility.private("plain", "north"), seenBy: ["plain", "north"] },
  { rule: visibility.private(), seenBy: [] },
  { rule: visibility.labelled("press"), seenBy: ["press"] },
  { rule: visibility.labelled("press", "trusted"), seenBy: ["press"] },
  { rule: visibility.labelled("press", "missing"), seenBy: [] },
  { rule: visibility.tenant("north"), seenBy: ["north"] },
  { rule: visibility.tenant("south"), seenBy: [] },
  { rule: visibility.after(0), seenBy: ["plain", "press", "north"] },
];

/** Three onlookers that watch for A, and read the whole board when a B comes. */
function onlookers(): { bench: Bench; read: Map<string, readonly string[]> } {
  const bench = new Bench();
  const read = new Map<string, readonly string[]>();
  const watch = (name: string) =>
    bench.flock
      .agent(name)
      .consumes(A)
      .consumes(B)
      .withEngine(({ context, artifacts }) => {
        if (artifacts[0]?.type !== "B") return;
        const listed = context.board.list({ type: "A" });
        expect(listed.map((artifact) => context.board.get(artifact.id))).toEqual(listed);
        read.set(
          name,
          listed.map((artifact) => artifact.id),
        );
      });
  watch("plain");
  watch("press").labels("press", "trusted");
  watch("north").tenant("north");
  return { bench, read };
}

const seers = (bench: Bench) => bench.of("agent_activated").map((event) => event.agentName);

describe("visibility", () => {
  test.each(cases)("$rule is matched for $seenBy", async ({ rule, seenBy }) => {
    const { bench } = onlookers();
    await bench.publish("A", 1, {}, { visibility: rule });
    await bench.flock.runUntilIdle();
    expect(seers(bench)).toEqual(seenBy);
  });

  test.each(cases)("$rule is readable on the board for $seenBy", async ({ rule, seenBy }) => {
    const { bench, read } = onlookers();
    const artifact = await bench.publish("A", 1, {}, { visibility: rule });
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    for (const name of ["plain", "press", "north"])
      expect([name, read.get(name)]).toEqual([name, seenBy.includes(name) ? [artifact.id] : []]);
  });

  test("a hidden artifact cannot be got by its id either", async () => {
    const bench = new Bench();
    const artifact = await bench.publish("A", 1, {}, { visibility: visibility.private("nobody") });
    const got: unknown[] = [];
    bench.flock
      .agent("peeper")
      .consumes(B)
      .withEngine(({ context }) => void got.push(context.board.get(artifact.id)));
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    expect(got).toEqual([undefined]);
    expect(bench.flock.board.get(artifact.id)).toBe(artifact);
  });
});

describe("after", () => {
  test("hides from matching until its time has come, and holds the workflow open", async () => {
    const { bench } = onlookers();
    await bench.publish("A", 1, {}, { visibility: visibility.after(5_000) });
    await bench.clock.advance(4_999);
    expect(seers(bench)).toEqual([]);
    expect(bench.of("workflow_finished")).toEqual([]);
    await bench.clock.advance(1);
    expect(seers(bench)).toEqual(["plain", "press", "north"]);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });

  test("hides from board reads until its time has come", async () => {
    const { bench, read } = onlookers();
    await bench.publish("A", 1, {}, { visibility: visibility.after(5_000, visibility.private("plain")) });
    await bench.publish("B", 2);
    await bench.clock.advance(0);
    expect(read.get("plain")).toEqual([]);
    await bench.clock.advance(5_000);
    await bench.publish("B", 3);
    await bench.clock.advance(0);
    expect(read.get("plain")).toHaveLength(1);
    expect(read.get("press")).toEqual([]);
  });

  test("then is as its next rule says", async () => {
    const { bench } = onlookers();
    await bench.publish("A", 1, {}, { visibility: visibility.after(1_000, visibility.tenant("north")) });
    await bench.clock.advance(1_000);
    expect(seers(bench)).toEqual(["north"]);
  });

  test("adds up when it is nested", async () => {
    const { bench } = onlookers();
    await bench.publish("A", 1, {}, { visibility: visibility.after(1_000, visibility.after(1_000)) });
    await bench.clock.advance(1_999);
    expect(seers(bench)).toEqual([]);
    await bench.clock.advance(1);
    expect(seers(bench)).toHaveLength(3);
  });

  test("is forgotten when the workflow is cancelled", async () => {
    const { bench } = onlookers();
    await bench.publish("A", 1, {}, { visibility: visibility.after(1_000) });
    bench.flock.cancel({ correlationId: "w" });
    expect(bench.clock.pending).toBe(0);
    expect(bench.of("workflow_finished").map((event) => event.status)).toEqual(["cancelled"]);
    await bench.clock.advance(1_000);
    expect(seers(bench)).toEqual([]);
  });
});
