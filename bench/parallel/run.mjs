/** Wall time of 64 parallel streams over the ideal; beside it the specification's one-at-a-time limit, with fewer agents. */
import { execFileSync } from "node:child_process";
import { bundle } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

export async function run({ quick }) {
  const file = await bundle("bench/parallel/flock.ts");
  const rounds = quick ? 2 : 5;
  const seconds = quick ? 1 : 2;
  const measure = (options) =>
    JSON.parse(execFileSync(process.execPath, [file, JSON.stringify(options)], { encoding: "utf8" }));
  const walls = { parallel: [], one: [] };
  let mostLive = 0;
  const few = 4;
  for (let round = 0; round < rounds; round += 1) {
    const parallel = measure({ agents: 64, seconds, mode: "dashboard" });
    walls.parallel.push(parallel.wall / seconds);
    mostLive = Math.max(mostLive, parallel.most_live);
    walls.one.push(
      measure({ agents: few, seconds: seconds / few, mode: "dashboard", oneAtATime: true }).wall / (seconds / few),
    );
  }
  const ratio = median(walls.parallel);
  return {
    rows: [
      { case: "64 agents, dashboard", "wall / ideal": round(ratio, 3), "live at once": mostLive },
      {
        case: `one at a time (${few} agents, so 64 would take 64)`,
        "wall / ideal": round(median(walls.one), 2),
        "live at once": 1,
      },
    ],
    checks: [check("64 agents: wall time over the ideal", ratio, 1.05)],
  };
}
