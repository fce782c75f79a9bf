import { expect, test } from "vitest";
import { Flock } from "./flock.js";
import { A, B, Bench, C, Text } from "./flock.testing.js";

/**
 * The least processor time that each work takes, in milliseconds, over several rounds in turns: what the machine does
 * besides hardly counts.
 */
async function race(rounds: number, ...works: (() => Promise<void>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      best[index] = Math.min(best[index] ?? 0, (user + system) / 1000);
    }
  }
  return best;
}

/** Enough for each work to have a round in which the machine does little else. */
const ROUNDS = 16;

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
  const [young, old] = [threeStages(), threeStages()];
  await publishMany(young, 500);
  await publishMany(old, 5_000);
  const [early = 0, late = 0] = await race(
    ROUNDS,
    () => publishMany(young, 100),
    () => publishMany(old, 100),
  );
  expect(old.board.size).toBe(4 * (5_000 + ROUNDS * 100));
  expect(late).toBeLessThan(early * 1.6);
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
  const [alone = 0, crowded = 0] = await race(ROUNDS, publishing(0), publishing(1_000));
  expect(crowded).toBeLessThan(alone * 2);
});
