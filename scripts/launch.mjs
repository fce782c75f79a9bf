/** What `flockdeck ARGS` does: plain Node for everything that needs no window, Electron for the window. */
import { readFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join } from "node:path";
import { ensureBuilt } from "./lib/ensure-built.mjs";
import { root } from "./lib/paths.mjs";
import { parseWindowArgs } from "./lib/window-args.mjs";

const withoutWindow = ["--cli", "--serve", "--validate", "--completion", "--help", "-h"];

function printVersion() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  process.stdout.write(`${version}\n`);
  return 0;
}

async function runHeadless(args) {
  await ensureBuilt(args.includes("--dashboard") ? ["cli", "desktop"] : ["cli"]);
  module.enableCompileCache?.();
  const cli = createRequire(import.meta.url)(join(root, "out", "cli", "index.cjs"));
  return cli.main(args);
}

/** npm runs scripts in the folder of package.json; the user's file names are relative to where the user is. */
function goWhereTheUserIs() {
  if (process.env.npm_lifecycle_event === "start" && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function main(args) {
  goWhereTheUserIs();
  if (args.includes("--version") && !args.some((arg) => withoutWindow.includes(arg))) return printVersion();
  if (args.some((arg) => withoutWindow.includes(arg))) return runHeadless(args);
  const parsed = parseWindowArgs(args);
  if (!parsed.ok) {
    process.stderr.write(`flockdeck: ${parsed.fault}\n`);
    return 2;
  }
  const { launchWindow } = await import("./launch-window.mjs");
  return launchWindow(args, parsed.file);
}
