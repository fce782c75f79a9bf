import { describe, expect, test } from "vitest";
import { Condition, type ConditionLike, until } from "./condition.js";
import { A, B, Bench, C, GatedEngine, numberIn } from "./flock.testing.js";

function broken(): never {
  throw new Error("broken");
}

interface ConditionCase {
  readonly name: string;
  readonly condition: ConditionLike;
  /** After how many publications of A it holds; never if absent. */
  readonly after?: number;
}

const cases: ConditionCase[] = [
  { name: "a number of artifacts", condition: until.artifacts("A", 3), after: 3 },
  { name: "a number of artifacts of a type", condition: until.artifacts(A, 2), after: 2 },
  { name: "artifacts of a workflow", condition: until.artifacts(A, 1, { correlationId: "w2" }), after: 2 },
  { name: "artifacts of a producer", condition: until.artifacts(B, 2, { producedBy: "maker" }), after: 2 },
  { name: "artifacts of another producer", condition: until.artifacts(B, 1, { producedBy: "nobody" }) },
  { name: "artifacts with a tag", condition: until.artifacts(A, 1, { tag: "t3" }), after: 3 },
  {
    name: "artifacts that fit",
    condition: until.artifacts(A, 2, { where: ({ payload }) => (payload as { n: number }).n > 1 }),
    after: 3,
  },
  { name: "a payload", condition: until.payload("A", (payload) => (payload as { n: number }).n === 2), after: 2 },
  {
    name: "a payload predicate that throws",
    condition: until.payload("A", () => {
      throw new Error("no");
    }),
  },
  { name: "a plain function", condition: ({ board }) => board.count("A") >= 2, after: 2 },
  {
    name: "a plain function that throws",
    condition: () => {
      throw new Error("no");
    },
  },
  { name: "a function that is asynchronous", condition: (async () => true) as unknown as () => boolean },
  { name: "a condition that throws", condition: new Condition(broken) },
  { name: "what throws, or artifacts", condition: new Condition(broken).or(until.artifacts(A, 2)), after: 2 },
  {
    name: "artifacts and a function",
    condition: until.artifacts(A, 1).and(({ board }) => board.count("A") > 1),
    after: 2,
  },
  {
    name: "artifacts or a function",
    condition: until.artifacts(A, 3).or(({ board }) => board.count("A") > 1),
    after: 2,
  },
  {
    name: "functions among all, any and not",
    condition: until.all(
      ({ board }) => board.count("A") > 0,
      until.any(
        broken,
        until.not(({ board }) => board.count("A") < 2),
      ),
    ),
    after: 2,
  },
  { name: "idle", condition: until.idle(), after: 0 },
  { name: "a workflow error", condition: until.workflowError(), after: 4 },
  { name: "an error of a certain workflow", condition: until.workflowError("w4"), after: 4 },
  { name: "an error of a workflow that has none", condition: until.workflowError("w1") },
  { name: "the end of a workflow", condition: until.workflowFinished("w2"), after: 2 },
  { name: "both of two", condition: until.artifacts(A, 2).and(until.artifacts(B, 3)), after: 3 },
  { name: "either of two", condition: until.artifacts(A, 2).or(until.artifacts(B, 3)), after: 2 },
  { name: "not", condition: until.artifacts(A, 1).not().not(), after: 1 },
  {
    name: "a combination of combinations",
    condition: until.all(
      until.artifacts(A, 1),
      until.any(until.artifacts("None", 1), until.not(until.artifacts(A, 3).not())),
    ),
    after: 3,
  },
];

/** An agent that makes a B of each A and fails at the fourth. */
function failing(): Bench {
  const bench = new Bench();
  bench.flock
    .agent("maker")
    .consumes(A)
    .publishes(B)
    .withEngine(({ artifacts }) => {
      const n = numberIn(artifacts[0]);
      if (n === 4) throw new Error("four");
      return { n };
    });
  return bench;
}

describe("runUntil", () => {
  test.each(cases)("waits for $name", async ({ condition, after }) => {
    const bench = failing();
    let held: boolean | undefined;
    void bench.flock.runUntil(condition, { timeout: 60_000 }).then((result) => {
      held = result;
    });
    await bench.clock.advance(0);
    let published = 0;
    while (held === undefined && published < 5) {
      published++;
      await bench.publish("A", published, {}, { correlationId: `w${published}`, tags: [`t${published}`] });
      await bench.clock.advance(0);
    }
    if (after === undefined) expect(held).toBeUndefined();
    else expect([held, published]).toEqual([true, after]);
  });

  test("takes a fault that is tried again for no error", async () => {
    const bench = new Bench();
    let made = 0;
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: made++ === 0 ? "none" : 1 }));
    await bench.publish("A", 1);
    expect(await bench.flock.runUntil(until.workflowError())).toBe(false);
    expect(bench.codes()).toEqual(["invalid_output"]);
  });

  test("gives false when its time is over", async () => {
    const bench = failing();
    const held = bench.flock.runUntil(until.artifacts(A, 1), 1_000);
    await bench.clock.advance(1_000);
    expect(await held).toBe(false);
    expect(bench.clock.pending).toBe(0);
  });

  test("gives false without a timeout when nothing can happen any more", async () => {
    const bench = failing();
    await bench.publish("A", 1);
    expect(await bench.flock.runUntil(until.artifacts(B, 2))).toBe(false);
  });

  test("goes on without a timeout while a schedule may bring more", async () => {
    const bench = new Bench();
    bench.flock
      .agent("timed")
      .publishes(A)
      .schedule({ every: 1_000 })
      .withEngine(() => ({ n: 1 }));
    const held = bench.flock.runUntil(until.artifacts(A, 3));
    await bench.clock.advance(3_000);
    expect(await held).toBe(true);
    await bench.flock.shutdown();
  });

  test("holds at once when it holds already", async () => {
    const bench = failing();
    await bench.publish("A", 1);
    expect(await bench.flock.runUntil(until.artifacts(A, 1))).toBe(true);
  });

  test("of a condition that throws gives false when its time is over, and leaves nothing behind", async () => {
    const bench = failing();
    let asked = 0;
    const condition = new Condition(() => {
      asked++;
      throw new Error("broken");
    });
    const held = bench.flock.runUntil(condition, 1_000);
    await bench.clock.advance(1_000);
    expect(await held).toBe(false);
    expect(bench.clock.pending).toBe(0);
    const before = asked;
    await bench.publish("A", 1);
    expect(asked).toBe(before);
  });

  test("refuses what is no condition", async () => {
    const bench = failing();
    await expect(bench.flock.runUntil("idle" as never)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("until.artifacts"),
    });
    expect(() => until.all(undefined as never)).toThrow(/until\.artifacts/);
  });

  test("leaves a batch to wait for more, with a timeout or without", async () => {
    for (const timeout of [undefined, 10_000]) {
      const bench = new Bench();
      bench
        .agent()
        .consumes(A, { batch: { size: 2, timeout: 5_000 } })
        .publishes(B)
        .withEngine(() => ({ n: 1 }));
      await bench.publish("A", 1);
      const held = bench.flock.runUntil(until.artifacts(B, 1), timeout);
      await bench.publish("A", 2);
      expect(await held).toBe(true);
      expect(bench.runs()).toEqual(["A1 A2"]);
    }
  });
});

describe("a named workflow that is over before the wait begins", () => {
  async function past(): Promise<Bench> {
    const bench = failing();
    for (const n of [1, 4]) await bench.publish("A", n, {}, { correlationId: `w${n}` });
    await bench.flock.runUntilIdle();
    return bench;
  }

  test.each([
    { name: "has finished", condition: until.workflowFinished("w1"), held: true },
    { name: "has finished, though it failed", condition: until.workflowFinished("w4"), held: true },
    { name: "has failed", condition: until.workflowError("w4"), held: true },
    { name: "has not failed", condition: until.workflowError("w1"), held: false },
    { name: "never was", condition: until.workflowFinished("w9"), held: false },
    { name: "is one of any, of which none has finished since", condition: until.workflowFinished(), held: false },
  ])("$name", async ({ condition, held }) => {
    const bench = await past();
    expect(await bench.flock.runUntil(condition)).toBe(held);
  });

  test("counts as running again once more is published into it", async () => {
    const engine = new GatedEngine();
    const bench = await past();
    bench.flock.agent("gated").consumes(C).withEngine(engine);
    await bench.publish("C", 1, {}, { correlationId: "w1" });
    const held = bench.flock.runUntil(until.workflowFinished("w1"), 1_000);
    await bench.clock.advance(1_000);
    expect(await held).toBe(false);
  });

  test("has failed, though it still runs", async () => {
    const engine = new GatedEngine();
    const bench = failing();
    bench.flock.agent("gated").consumes(A).withEngine(engine);
    await bench.publish("A", 4, {}, { correlationId: "w4" });
    await bench.clock.advance(0);
    expect(await bench.flock.runUntil(until.workflowError("w4"), 1_000)).toBe(true);
  });
});
