/**
 * One session under watch of a hub, recorded or not: `node session.mjs '{"writer": …, "folder": …, "artifacts": …}'`.
 * Prints artifacts a second of three instant stages, tokens a second of a hundred streams, and what reached the disk.
 */
import { statSync } from "node:fs";
import { Flock, functionEngine, systemClock, textArtifact } from "../../src/core/index.js";
import { connectHub } from "../../src/runtime/flock-hub.js";
import { startHistory } from "../../src/runtime/history.js";

interface Load {
  /** The built writer's script; null records nothing. */
  readonly writer: string | null;
  readonly folder: string;
  readonly artifacts: number;
  readonly streams: number;
  /** Of four units, each stream. */
  readonly tokens: number;
}

const load: Load = JSON.parse(process.argv[2] ?? "{}");
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
const topic = textArtifact("Topic");
const essay = textArtifact("Essay");
flock.registerType(topic);
flock.registerType(essay);
for (let index = 0; index < load.streams; index += 1) {
  flock
    .agent(`writer-${index}`)
    .consumes(topic)
    .publishes(essay)
    .withEngine(
      functionEngine(async ({ context }) => {
        for (let token = 0; token < load.tokens; token += 1) {
          context.stream.append("wing");
          await new Promise((resolve) => setImmediate(resolve));
        }
        return { text: "done" };
      }),
    );
}
const epoch = crypto.randomUUID();
const history =
  load.writer === null
    ? null
    : startHistory(
        {
          folder: load.folder,
          writerScript: load.writer,
          onFault: (message) => {
            throw new Error(message);
          },
        },
        { clock: systemClock, epoch, flock: "bench", path: null, hello: () => watched.hub.hello("watch") },
      );
const watched = connectHub(flock, {
  name: "bench",
  sample: [],
  clock: systemClock,
  epoch,
  ...(history === null ? {} : { recorder: history.recorder }),
});
const [raw] = types;
if (raw === undefined) throw new Error("no first type");

async function board(): Promise<number> {
  const began = performance.now();
  const batch = 250;
  for (let at = 0; at < load.artifacts; at += batch) {
    for (let index = 0; index < batch; index += 1)
      await flock.publish(raw as NonNullable<typeof raw>, { text: "an artifact of the board" });
    await flock.runUntilIdle();
  }
  return load.artifacts / ((performance.now() - began) / 1000);
}

/** A token of each stream in turn, and the event loop in between. */
async function streams(): Promise<number> {
  const began = performance.now();
  await flock.publish(topic, { text: "go" });
  await flock.runUntilIdle();
  return (load.tokens * load.streams) / ((performance.now() - began) / 1000);
}

const artifacts = await board();
// What is still to be written of the board would weigh on the streams.
await history?.flush();
const tokens = await streams();
const waited = performance.now();
await history?.flush();
const flushMs = performance.now() - waited;
await history?.close();
const bytes = history === null ? 0 : statSync(history.file).size;
console.log(JSON.stringify({ artifacts, tokens, flushMs, bytes }));
process.exit(0);
