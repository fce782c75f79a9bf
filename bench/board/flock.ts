/** A three-stage flock with an instant engine; prints artifacts a second of the first and the second half, and memory. */
import { Flock, functionEngine, textArtifact } from "../../src/core/index.js";

const count = Number(process.argv[2]);
const flock = new Flock({ mode: "test" });
const types = ["Raw", "Clean", "Scored", "Filed"].map((name) => textArtifact(name));
for (const type of types) flock.registerType(type);
for (let stage = 0; stage < 3; stage += 1) {
  const [from, to] = [types[stage], types[stage + 1]];
  if (from === undefined || to === undefined) throw new Error("three stages need four types");
  flock
    .agent(`stage-${stage + 1}`)
    .consumes(from)
    .publishes(to)
    .maxConcurrency(64)
    .withEngine(functionEngine(() => ({ text: "done" })));
}
const [raw] = types;
if (raw === undefined) throw new Error("no first type");

async function half(): Promise<number> {
  const began = performance.now();
  const batch = 250;
  for (let at = 0; at < count / 2; at += batch) {
    for (let index = 0; index < batch; index += 1)
      await flock.publish(raw as NonNullable<typeof raw>, { text: "an artifact of the board" });
    await flock.runUntilIdle();
  }
  return count / 2 / ((performance.now() - began) / 1000);
}

globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const first = await half();
const second = await half();
globalThis.gc?.();
const bytes = (process.memoryUsage().heapUsed - before) / (count * 4);
console.log(JSON.stringify({ first, second, bytes }));
process.exit(0);
