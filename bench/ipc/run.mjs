/** 100 streams × 50 tokens/s from the main process to the window, chunk to fold, beside one `webContents.send` a token. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { resolveElectron } from "../../scripts/electron.mjs";
import { machineArgs } from "../../scripts/lib/electron-args.mjs";
import { root } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const FLUSH_MS = 50;
/** Node 18 hides the web crypto that later versions have. */
const webCrypto = 'globalThis.crypto ??= require("node:crypto").webcrypto;';
const run_ = promisify(execFile);

async function buildApp() {
  const out = path.join(root, "out/bench/ipc-app");
  mkdirSync(out, { recursive: true });
  const parts = [
    { input: "main.ts", file: "main.cjs", format: "cjs", platform: "node" },
    { input: "preload.ts", file: "preload.cjs", format: "cjs", platform: "node" },
    { input: "page.ts", file: "page.js", format: "iife", platform: "browser" },
  ];
  for (const { input, file, format, platform } of parts) {
    const build = await rolldown({
      input: path.join(root, "bench/ipc/app", input),
      platform,
      external: ["electron", /^node:/],
      logLevel: "silent",
    });
    await build.write({
      file: path.join(out, file),
      format,
      codeSplitting: false,
      banner: file === "main.cjs" ? webCrypto : "",
    });
    await build.close();
  }
  writeFileSync(
    path.join(out, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>ipc</title><script src="page.js"></script>',
  );
  writeFileSync(path.join(out, "package.json"), '{ "name": "ipc-bench", "main": "main.cjs" }');
  return out;
}

async function measure(app, load) {
  const runtime = await resolveElectron(app);
  const userData = mkdtempSync(path.join(os.tmpdir(), "flockdeck-bench-"));
  const args = [...machineArgs(), `--user-data-dir=${userData}`, ...runtime.appArgs];
  const command =
    process.env.DISPLAY || process.platform !== "linux"
      ? [runtime.executable, ...args]
      : ["xvfb-run", "-a", runtime.executable, ...args];
  const { stdout } = await run_(command[0], command.slice(1), {
    env: { ...process.env, FLOCKDECK_BENCH_LOAD: JSON.stringify(load) },
    timeout: 120_000,
  });
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 });
  const line = stdout.split("\n").find((each) => each.startsWith("BENCH "));
  if (line === undefined) throw new Error("the bench window printed nothing");
  return JSON.parse(line.slice(6));
}

export async function run({ quick }) {
  const app = await buildApp();
  const load = { root, streams: 100, rate: 50, warmUpSeconds: quick ? 2 : 8, seconds: quick ? 3 : 5 };
  const found = { port: [], send: [] };
  for (let index = 0; index < (quick ? 1 : 5); index += 1)
    for (const kind of ["port", "send"]) found[kind].push(await measure(app, { ...load, kind }));
  const of = (kind, value) => median(found[kind].map(value));
  // The same work whichever the carrier is, so that all spans tell it together; one alone is a third of ours, give or take.
  const idle = median(Object.values(found).flatMap((runs) => runs.map((each) => each.idle)));
  const above = (kind) => of(kind, ({ cores }) => cores) - idle;
  return {
    rows: Object.keys(found).map((kind) => ({
      carrier: kind === "port" ? "MessagePort, one batch a flush" : "webContents.send, one a token",
      "tokens/s": Math.round(of(kind, ({ tokens }) => tokens) / load.seconds),
      "core above idle": round(above(kind), 3),
      "lag p50 ms": Math.round(of(kind, ({ p50 }) => p50)),
      "lag p99 ms": Math.round(of(kind, ({ p99 }) => p99)),
    })),
    checks: [
      check(
        "p99 lag in ms",
        of("port", ({ p99 }) => p99),
        FLUSH_MS + 10,
      ),
      check("CPU over one webContents.send a token", above("port") / above("send"), 0.2),
    ],
  };
}
