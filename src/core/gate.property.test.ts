import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import type { Artifact } from "./artifact.js";
import { A, B, Bench, C } from "./flock.testing.js";

interface Item {
  readonly type: string;
  readonly n: number;
  readonly workflow: string;
  readonly key: number;
}

/** What the runs of an agent consumed, each `w: A1 B2`. */
async function activations(make: (agent: AgentBuilder) => unknown, items: readonly Item[]): Promise<string[]> {
  const bench = new Bench();
  make(bench.agent().maxConcurrency(3));
  for (const { type, n, workflow, key } of items) await bench.publish(type, n, { key }, { correlationId: workflow });
  await bench.flock.runUntilIdle();
  const runs = bench.runs();
  return bench.of("agent_activated").map((event, index) => `${event.correlationId}: ${runs[index]}`);
}

const item = fc.record({
  type: fc.constantFrom("A", "B", "C"),
  workflow: fc.constantFrom("u", "v"),
  key: fc.integer({ min: 0, max: 2 }),
});
const arrivals = fc.array(item, { maxLength: 40 }).map((list) => list.map((one, n): Item => ({ ...one, n: n + 1 })));

/** A list and one of its reorderings. */
function reordered(list: readonly Item[]): fc.Arbitrary<[readonly Item[], readonly Item[]]> {
  return fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length }),
  );
}

/** The AND and count gate, said once more in the plainest words. */
function latestOf(counts: Record<string, number>, items: readonly Item[]): string[] {
  const pools = new Map<string, Item[]>();
  const runs: string[] = [];
  for (const one of items) {
    if (!(one.type in counts)) continue;
    const pool = [...(pools.get(one.workflow) ?? []), one];
    const taken = Object.entries(counts).map(([type, count]) => {
      const ofType = pool.filter((other) => other.type === type);
      return ofType.length < count ? undefined : ofType.slice(-count);
    });
    const complete = taken.every((part) => part !== undefined);
    pools.set(one.workflow, complete ? [] : pool);
    if (complete)
      runs.push(
        `${one.workflow}: ${taken
          .flatMap((part) => part ?? [])
          .map(({ type, n }) => type + n)
          .join(" ")}`,
      );
  }
  return runs;
}

const by = (artifact: Artifact) => (artifact.payload as { key: number }).key;

describe("whatever arrives", () => {
  test("an AND gate gives exactly the activations of its promise", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (items) => {
        const runs = await activations((agent) => agent.consumes(A, B, C), items);
        expect(runs).toEqual(latestOf({ A: 1, B: 1, C: 1 }, items));
      }),
    );
  });

  test("a count gate takes the latest N of each type and clears its pool", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), async (items, count) => {
        const types = [...Array.from({ length: count }, () => A), B];
        const runs = await activations((agent) => agent.consumes(...types), items);
        expect(runs).toEqual(latestOf({ A: count, B: 1 }, items));
      }),
    );
  });

  test("a single type fires once for each artifact", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (items) => {
        const runs = await activations((agent) => agent.consumes(A), items);
        expect(runs).toEqual(items.filter(({ type }) => type === "A").map(({ workflow, n }) => `${workflow}: A${n}`));
      }),
    );
  });

  test("a batch loses nothing, doubles nothing, and is never larger than its size", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), async (items, size) => {
        const runs = await activations((agent) => agent.consumes(A, { batch: { size } }), items);
        const batches = runs.map((run) => run.slice(3).split(" "));
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(size);
        const given = items.filter(({ type }) => type === "A").map(({ n }) => `A${n}`);
        expect(batches.flat().sort()).toEqual(given.sort());
      }),
    );
  });
});

describe("in any order of arrival", () => {
  const exactlyOne = fc.constant(
    ["u", "v"].flatMap((workflow, at) =>
      ["A", "B", "C"].map((type, index): Item => ({ type, n: at * 3 + index, workflow, key: 0 })),
    ),
  );

  test("an AND gate that gets one of each gives the same activations", async () => {
    await fc.assert(
      fc.asyncProperty(exactlyOne.chain(reordered), async ([given, other]) => {
        const gate = (agent: AgentBuilder) => agent.consumes(B, A, C);
        expect((await activations(gate, other)).sort()).toEqual((await activations(gate, given)).sort());
      }),
    );
  });

  test("a count gate that gets what it needs fires once, with all of it", async () => {
    const needed = ["A", "A", "A", "B", "B"].map((type, n): Item => ({ type, n, workflow: "u", key: 0 }));
    await fc.assert(
      fc.asyncProperty(reordered(needed), async ([, other]) => {
        const [run, ...more] = await activations((agent) => agent.consumes(A, A, A, B, B), other);
        expect(more).toEqual([]);
        expect(run?.slice(3).split(" ").sort()).toEqual(["A0", "A1", "A2", "B3", "B4"]);
      }),
    );
  });

  test("a join of pairs with distinct keys gives the same groups", async () => {
    const pairs = [0, 1, 2, 3].flatMap((key) =>
      ["A", "B"].map((type, at): Item => ({ type, n: key * 2 + at, workflow: "u", key })),
    );
    await fc.assert(
      fc.asyncProperty(reordered(pairs), async ([given, other]) => {
        const join = (agent: AgentBuilder) => agent.consumes(A, B, { join: { by, within: { count: 99 } } });
        expect((await activations(join, other)).sort()).toEqual((await activations(join, given)).sort());
      }),
    );
  });

  test("subscriptions of one agent do not disturb each other", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (items) => {
        const both = await activations((agent) => agent.consumes(A, B).consumes(A, C), items);
        const one = await activations((agent) => agent.consumes(A, B), items);
        const other = await activations((agent) => agent.consumes(A, C), items);
        expect(both.sort()).toEqual([...one, ...other].sort());
      }),
    );
  });
});
