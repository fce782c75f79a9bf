/**
 * From launch to the first streamed text: in the terminal program over a bare `node -e 0`, and in the window over an
 * empty Electron window. Both sides of each ratio are taken in turn in the same run.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median } from "../lib/stats.mjs";
import { windowStarts } from "./window.mjs";

const FLOCK = `name: Start
model: demo/echo
types: { Topic: text, Echo: text }
agents: [{ name: echo, consumes: [Topic], publishes: [Echo] }]
publish: { Topic: { text: "first text" } }
`;

/** Milliseconds until the process prints what `until` finds, or until it ends. */
function time(args, until) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    let done;
    child.stdout.on("data", (data) => {
      out += data;
      if (done === undefined && until && out.includes(until)) done = performance.now() - began;
    });
    child.on("error", reject);
    child.on("exit", () => {
      if (until && done === undefined) reject(new Error(`${args.join(" ")} never printed ${until}`));
      else resolve(done ?? performance.now() - began);
    });
  });
}

export async function run({ quick }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "flockdeck-bench-"));
  const file = path.join(folder, "start.yaml");
  writeFileSync(file, FLOCK);
  const cli = [];
  const bare = [];
  for (let index = 0; index < (quick ? 5 : 15); index += 1) {
    bare.push(await time(["-e", "0"]));
    cli.push(await time([path.join(root, "bin/flockdeck.js"), "--cli", file, "--json"], '"stream_chunk"'));
  }
  rmSync(folder, { recursive: true });
  const windows = await windowStarts(quick ? 3 : 9);
  return {
    rows: [
      { start: "node -e 0", "ms, median": Math.round(median(bare)) },
      { start: "flockdeck --cli --json, to the first text", "ms, median": Math.round(median(cli)) },
      { start: "an empty Electron window, to its first paint", "ms, median": Math.round(median(windows.empty)) },
      { start: "the Flockdeck window, to the first streamed text", "ms, median": Math.round(median(windows.app)) },
      { start: "the same, started for the first time", "ms, median": Math.round(median(windows.first)) },
    ],
    checks: [
      check("terminal: first text over 2 × node -e 0 + 150 ms", median(cli) / (2 * median(bare) + 150), 1),
      check("window: first text over an empty window", median(windows.app) / median(windows.empty), 1.5),
    ],
  };
}
