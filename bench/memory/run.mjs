/** What the relay holds for finished and live streams of 1 MB each, against 100 KB retained a stream; and whether it grows. */
import { execFileSync } from "node:child_process";
import { bundle } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const RETAINED_UNITS = 102_400;
const BYTES_PER_UNIT = 2;
const MIB = 2 ** 20;

export async function run({ quick }) {
  const file = await bundle("bench/memory/relay.ts");
  const load = { finished: quick ? 300 : 1_000, live: 100, units: 1_000_000, viewers: 100, passes: quick ? 20 : 100 };
  const found = [];
  for (let index = 0; index < (quick ? 1 : 5); index += 1)
    found.push(
      JSON.parse(execFileSync(process.execPath, ["--expose-gc", file, JSON.stringify(load)], { encoding: "utf8" })),
    );
  const allowed = (load.finished + load.live) * RETAINED_UNITS * BYTES_PER_UNIT;
  const held = median(found.map(({ base, held }) => held - base));
  const growth = median(found.map(({ base, held, last }) => (last - base) / (held - base)));
  return {
    rows: [
      {
        streams: `${load.finished} finished + ${load.live} live of 1 MB`,
        "base MiB": round(median(found.map(({ base }) => base)) / MIB, 1),
        "held MiB": round(held / MIB, 1),
        "100 KB × 2 bytes a stream, MiB": round(allowed / MIB, 1),
        "after more text": round(growth, 3),
      },
    ],
    checks: [
      check("held over the retained text", held / allowed, 1.3),
      { ...check("held after 20 KB more for each live stream, many times, over before", growth, 1.05), growth: true },
    ],
  };
}
