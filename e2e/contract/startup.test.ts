import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Command, file, node } from "./command.testing.js";
import { ECHO } from "./flocks.testing.js";
import { ofType } from "./messages.testing.js";

const ROUNDS = 5;

/** Starts of Node that the first text may take: 4 on a quiet machine; a library loaded too early shows as twice that. */
const MOST_STARTS = 8;

/**
 * Milliseconds, the quickest of some: what a busy machine adds comes on top. Both are measured in turns, so that it adds
 * to both.
 */
async function quickest(...works: (() => Promise<void>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, work] of works.entries()) {
      const begun = performance.now();
      await work();
      best[index] = Math.min(best[index] ?? 0, performance.now() - begun);
    }
  }
  return best;
}

test("the first text comes soon after the start, as starts of Node itself go", async () => {
  const flock = file(ECHO);
  const firstText = async () => {
    const run = new Command(["--cli", flock, "--json"]);
    await run.until(() => ofType(run.messages(), "stream_chunk")[0]);
    run.child.kill("SIGKILL");
  };
  const nothing = async () => {
    await once(spawn(node, ["-e", "0"]), "exit");
  };
  const [text = 0, bare = 0] = await quickest(firstText, nothing);
  expect(text / bare).toBeLessThan(MOST_STARTS);
});
