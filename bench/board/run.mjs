/** Throughput of the board as it grows, beside an EventEmitter and LangGraph.js doing the same three steps. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { installBaselines } from "../lib/baselines.mjs";
import { bundle, root } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

export async function run({ quick }) {
  const file = await bundle("bench/board/flock.ts");
  const rounds = quick ? 3 : 5;
  const artifacts = quick ? 4_000 : 10_000;
  const measure = (script, ...flags) =>
    JSON.parse(execFileSync(process.execPath, [...flags, script, String(artifacts)], { encoding: "utf8" }));
  const ours = [];
  const emitter = [];
  const langgraph = [];
  if (!quick) installBaselines();
  for (let index = 0; index < rounds; index += 1) {
    ours.push(measure(file, "--expose-gc"));
    emitter.push(measure(path.join(root, "bench/board/emitter.mjs")).rate);
    if (!quick) langgraph.push(measure(path.join(root, "bench/board/langgraph.mjs")).rate);
  }
  const growth = median(ours.map(({ first, second }) => second / first));
  return {
    rows: [
      {
        case: "Flockdeck",
        "artifacts/s, first half": Math.round(median(ours.map(({ first }) => first))),
        "second half": Math.round(median(ours.map(({ second }) => second))),
        "bytes an artifact": Math.round(median(ours.map(({ bytes }) => bytes))),
      },
      { case: "EventEmitter (no board, gates or streams)", "artifacts/s, first half": Math.round(median(emitter)) },
      ...(quick ? [] : [{ case: "LangGraph.js", "artifacts/s, first half": Math.round(median(langgraph)) }]),
    ],
    checks: [{ ...check("second half over the first", round(growth, 3), 0.9, { atLeast: true }), growth: true }],
  };
}
