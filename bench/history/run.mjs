/** What recording costs: artifacts and tokens a second with a history over the same without. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

export async function run({ quick }) {
  const external = ["libsql"];
  const session = await bundle("bench/history/session.ts", { external });
  const script = await bundle("src/history/writer-thread.ts", { external });
  const load = { artifacts: quick ? 4_000 : 10_000, streams: 100, tokens: quick ? 10_000 : 40_000 };
  const found = { with: [], without: [] };
  for (let turn = 0; turn < (quick ? 3 : 5); turn += 1) {
    // Whoever goes second finds warm caches: they take turns.
    for (const name of turn % 2 === 0 ? ["with", "without"] : ["without", "with"])
      found[name].push(measure(session, { ...load, writer: name === "with" ? script : null }));
  }
  const ratio = (figure) => median(found.with.map((each, at) => each[figure] / found.without[at][figure]));
  const row = (name) => ({
    case: name === "with" ? "with history" : "without",
    "artifacts/s": Math.round(median(found[name].map(({ artifacts }) => artifacts))),
    "tokens/s": Math.round(median(found[name].map(({ tokens }) => tokens))),
    "last write, ms": Math.round(median(found[name].map(({ flushMs }) => flushMs))),
    "MB on the disk": round(median(found[name].map(({ bytes }) => bytes)) / 1e6, 1),
  });
  return {
    rows: [row("without"), row("with")],
    checks: [
      check("artifacts/s with history over without", round(ratio("artifacts"), 3), 0.9, { atLeast: true }),
      check("tokens/s with history over without", round(ratio("tokens"), 3), 0.9, { atLeast: true }),
    ],
  };
}

function measure(session, load) {
  const folder = mkdtempSync(join(tmpdir(), "flockdeck-bench-history-"));
  try {
    const args = [session, JSON.stringify({ ...load, folder })];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
