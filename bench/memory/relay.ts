/**
 * The relay under 1,000 finished and 100 live streams of 1 MB each with 100 viewers. Prints resident memory before the
 * first text, at the end, and its growth over a second pass of the same load, which must be none.
 */
import { systemClock } from "../../src/core/index.js";
import type { ServerMessage } from "../../src/protocol/index.js";
import { Hub } from "../../src/relay/index.js";

const { finished, live, units, viewers, passes } = JSON.parse(process.argv[2] ?? "{}") as Record<
  "finished" | "live" | "units" | "viewers" | "passes",
  number
>;

const hub = new Hub({
  clock: systemClock,
  describe: () => ({ server: "bench", runtime_mode: "api", agents: [], artifact_types: {} }),
});
let sent = 0;
for (let index = 0; index < viewers; index += 1) {
  const viewer = hub.addViewer(
    {
      encoder: {
        id: "count",
        mayOmitFullContent: true,
        encode: (messages: readonly ServerMessage[]) => [messages.length],
      },
      bufferedBytes: 0,
      send: (count: number) => {
        sent += count;
      },
      close: () => {},
    },
    { role: "watch", carrier: "memory" },
  );
  viewer.receive({ type: "attach" });
}

const piece = "The quick brown fox jumps over the lazy dog, again. ".repeat(20).slice(0, 1024);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function fill(prefix: string, count: number, complete: boolean): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const id = `${prefix}${index}`;
    hub.emit({
      type: "stream_started",
      stream_id: id,
      agent_name: "writer",
      run_id: id,
      correlation_id: "c",
      attempt: 1,
      artifact_type: "Text",
      model: "bench",
      consumed_artifacts: [],
      started_at: Date.now(),
    });
    for (let written = 0; written < units; written += piece.length)
      hub.append(id, `${piece.slice(0, -8)}${String(written).padStart(8)}`);
    if (complete)
      hub.emit({
        type: "stream_complete",
        stream_id: id,
        agent_name: "writer",
        status: "completed",
        duration: 1,
        timestamp: Date.now(),
      });
    if (index % 10 === 0) await turn();
  }
}

async function resident(): Promise<number> {
  for (let index = 0; index < 3; index += 1) {
    globalThis.gc?.();
    await turn();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return Math.min(rss, heapUsed + external);
}

const base = await resident();
await fill("live", live, false);
await fill("done0-", finished, true);
const held = await resident();
const after: number[] = [held];
for (let pass = 1; pass < passes; pass += 1) {
  for (let index = 0; index < 20; index += 1)
    for (let stream = 0; stream < live; stream += 1) hub.append(`live${stream}`, piece);
  await turn();
  after.push(await resident());
}
console.log(JSON.stringify({ base, held, last: after[after.length - 1], sent }));
process.exit(0);
