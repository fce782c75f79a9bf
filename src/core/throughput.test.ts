import { expect, test } from "vitest";
import { Flock } from "./flock.js";
import { A, B, Bench, C, Text } from "./flock.testing.js";

/** Milliseconds that the work takes, the quickest of several tries: what is slowed by others does not count. */
async function quickest(tries: number, work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

test("throughput does not fall as the board grows", async () => {
  const flock = new Flock({ mode: "test" });
  const stages = [A, B, C, Text] as const;
  flock
    .agent("one")
    .consumes(A)
    .publishes(B)
    .withEngine(() => ({ n: 1 }));
  flock
    .agent("two")
    .consumes(B)
    .publishes(C)
    .withEngine(() => ({ n: 2 }));
  flock
    .agent("three")
    .consumes(C)
    .publishes(Text)
    .withEngine(() => "done");
  const part = async () => {
    for (let n = 0; n < 250; n++) await flock.publish(A, { n });
    await flock.runUntilIdle();
  };
  await part();
  const first = await quickest(5, part);
  for (let i = 0; i < 10; i++) await part();
  const last = await quickest(5, part);
  expect(flock.board.size).toBe(21 * 250 * stages.length);
  expect(last).toBeLessThan(first * 1.6);
});

test("matching costs nothing for agents that listen to other types", async () => {
  const measure = async (bystanders: number) => {
    const bench = new Bench();
    for (let i = 0; i < bystanders; i++) bench.agent(`b${i}`).consumes(B, C);
    return quickest(5, async () => {
      for (let n = 0; n < 500; n++) await bench.publish("A", n, {}, { correlationId: `w${n}` });
    });
  };
  await measure(0);
  expect(await measure(1_000)).toBeLessThan((await measure(0)) * 2);
});
