import { expect, test } from "vitest";
import { Flock } from "./flock.js";
import { A, B, Bench, C, Text } from "./flock.testing.js";

/** The quickest of several runs of each, in turns: what the machine does besides slows both alike. */
async function race(rounds: number, ...works: (() => Promise<void>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      await work();
      best[index] = Math.min(best[index] ?? 0, performance.now() - began);
    }
  }
  return best;
}

function threeStages(): Flock {
  const flock = new Flock({ mode: "test" });
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
  return flock;
}

async function publishMany(flock: Flock, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await flock.publish(A, { n });
  await flock.runUntilIdle();
}

test("throughput does not fall as the board grows", async () => {
  const grown = threeStages();
  await publishMany(grown, 5_000);
  const [young = 0, old = 0] = await race(
    8,
    () => publishMany(threeStages(), 200),
    () => publishMany(grown, 200),
  );
  expect(grown.board.size).toBe(4 * (5_000 + 8 * 200));
  expect(old).toBeLessThan(young * 1.6);
});

test("matching costs nothing for agents that listen to other types", async () => {
  const publishing = (bystanders: number) => {
    const bench = new Bench();
    for (let i = 0; i < bystanders; i++) bench.agent(`b${i}`).consumes(B, C);
    let next = 0;
    return async () => {
      for (let n = 0; n < 500; n++) await bench.publish("A", n, {}, { correlationId: `w${next++}` });
    };
  };
  const [alone = 0, crowded = 0] = await race(8, publishing(0), publishing(1_000));
  expect(crowded).toBeLessThan(alone * 2);
});
