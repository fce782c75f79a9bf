import { describe, expect, test } from "vitest";
import type { Artifact } from "./artifact.js";
import { A, B, Bench } from "./flock.testing.js";
import type { StepInput } from "./function-engine.js";
import { testGates } from "./gate-case.testing.js";

const by = (artifact: Artifact) => (artifact.payload as { key?: unknown }).key;

describe("a batch", () => {
  testGates([
    {
      name: "fires when it has its size",
      agent: (a) => a.consumes(A, { batch: { size: 3 } }),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
      ],
      runs: ["A1 A2 A3"],
    },
    {
      name: "waits while it is smaller, and is flushed at the end",
      agent: (a) => a.consumes(A, { batch: { size: 3 } }),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
        ["A", 4],
      ],
      runsBeforeEnd: ["A1 A2 A3"],
      runs: ["A1 A2 A3", "A4"],
    },
    {
      name: "fires by its timeout when that comes first",
      agent: (a) => a.consumes(A, { batch: { size: 3, timeout: 1_000 } }),
      steps: [["A", 1], ["A", 2], 1_000, ["A", 3]],
      runsBeforeEnd: ["A1 A2"],
      runs: ["A1 A2", "A3"],
    },
    {
      name: "counts the timeout from its first item",
      agent: (a) => a.consumes(A, { batch: { timeout: 1_000 } }),
      steps: [["A", 1], 600, ["A", 2], 399],
      runsBeforeEnd: [],
      runs: ["A1 A2"],
    },
    {
      name: "counts the timeout of the next batch from its own first item",
      agent: (a) => a.consumes(A, { batch: { size: 2, timeout: 1_000 } }),
      steps: [["A", 1], 900, ["A", 2], 900, ["A", 3], 999],
      runsBeforeEnd: ["A1 A2"],
      runs: ["A1 A2", "A3"],
    },
    {
      name: "without a timeout waits a second for more from outside",
      agent: (a) => a.consumes(A, { batch: { size: 4 } }),
      steps: [["A", 1], 999, ["A", 2], 999],
      runsBeforeEnd: [],
      runs: ["A1 A2"],
    },
    {
      name: "without a timeout does not hold its workflow open for ever",
      agent: (a) => a.consumes(A, { batch: { size: 4 } }),
      steps: [["A", 1], 999, ["A", 2], 1_000],
      runsBeforeEnd: ["A1 A2"],
      runs: ["A1 A2"],
    },
    {
      name: "gathers complete AND matches",
      agent: (a) => a.consumes(A, B, { batch: { size: 2 } }),
      steps: [
        ["A", 1],
        ["B", 2],
        ["A", 3],
        ["B", 4],
      ],
      runs: ["A1 B2 A3 B4"],
    },
    {
      name: "gathers complete groups of a join",
      agent: (a) => a.consumes(A, B, { join: { by, within: { ms: 9_000 } }, batch: { size: 2 } }),
      steps: [
        ["A", 1, { key: 1 }],
        ["A", 2, { key: 2 }],
        ["B", 3, { key: 2 }],
        ["B", 4, { key: 1 }],
      ],
      runs: ["A2 B3 A1 B4"],
    },
    {
      name: "never takes an incomplete group of a join along",
      agent: (a) => a.consumes(A, B, { join: { by, within: { ms: 9_000 } }, batch: { size: 5 } }),
      steps: [
        ["A", 1, { key: 1 }],
        ["A", 2, { key: 2 }],
        ["B", 3, { key: 2 }],
      ],
      runs: ["A2 B3"],
    },
    {
      name: "keeps workflows apart",
      agent: (a) => a.consumes(A, { batch: { size: 2 } }),
      steps: [
        ["A", 1],
        ["A", 2, {}, { correlationId: "other" }],
        ["A", 3],
      ],
      runsBeforeEnd: ["A1 A3"],
      runs: ["A1 A3", "A2"],
    },
    {
      name: "takes only what where lets through",
      agent: (a) =>
        a.consumes(A, { batch: { size: 2 }, where: (artifact) => (artifact.payload as { n: number }).n > 1 }),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
      ],
      runs: ["A2 A3"],
    },
  ]);

  test("is flushed as soon as nothing else runs, if only agents feed it", async () => {
    const bench = new Bench();
    const many = () => [1, 2, 3].map((n) => ({ type: "A", payload: { n } }));
    bench.flock.agent("source").consumes(B).publishes(A, { fanOut: 3 }).withEngine(many);
    bench.agent("sink").consumes(A, { batch: { size: 2, timeout: 60_000 } });
    await bench.publish("B", 0);
    await bench.clock.advance(0);
    expect(bench.runs("sink")).toEqual(["A1 A2", "A3"]);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });

  test("fed by agents waits as long as anything else of the workflow runs", async () => {
    const bench = new Bench();
    const takes =
      (n: number) =>
      async ({ context }: StepInput) => {
        await new Promise<void>((resolve) => context.clock.setTimeout(resolve, n * 10_000));
        return { n };
      };
    bench.flock.agent("quick").consumes(A).publishes(B).withEngine(takes(1));
    bench.flock.agent("slow").consumes(A).publishes(B).withEngine(takes(2));
    bench.agent("sink").consumes(B, { batch: { size: 9 } });
    await bench.publish("A", 0);
    await bench.clock.advance(30_000);
    expect(bench.runs("sink")).toEqual(["B1 B2"]);
  });

  test("holds its workflow open while more may come from outside", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, { batch: { size: 2, timeout: 60_000 } });
    await bench.publish("A", 1);
    await bench.clock.advance(59_999);
    expect(bench.of("workflow_finished")).toHaveLength(0);
    await bench.clock.advance(1);
    expect(bench.runs()).toEqual(["A1"]);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });

  test("is dropped with its timer when the workflow is cancelled", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, { batch: { timeout: 1_000 } });
    await bench.publish("A", 1);
    bench.flock.cancel({ correlationId: "w" });
    expect(bench.clock.pending).toBe(0);
    expect(bench.of("workflow_finished").map((event) => event.status)).toEqual(["cancelled"]);
    await bench.clock.advance(2_000);
    expect(bench.runs()).toEqual([]);
  });

  test("that is full needs its timer no longer", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, { batch: { size: 2, timeout: 1_000 } });
    await bench.publish("A", 1);
    expect(bench.clock.pending).toBe(1);
    await bench.publish("A", 2);
    expect(bench.clock.pending).toBe(0);
  });
});
