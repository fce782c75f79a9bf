/** What `flockdeck ARGS` does: plain Node for everything that needs no window, Electron for the window. */
import { existsSync, readFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join } from "node:path";
import { isFresh } from "./lib/build-stamp.mjs";
import { ensureBuilt } from "./lib/ensure-built.mjs";
import { isCheckout, root } from "./lib/paths.mjs";
import { missingFile, parseWindowArgs } from "./lib/window-args.mjs";

const headlessFlags = ["--cli", "--serve", "--validate", "--completion", "--help", "-h"];

function printVersion() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  process.stdout.write(`${version}\n`);
  return 0;
}

const helpSource = join(root, "src", "cli", "help.ts");

/** The help, as its source has it: nobody should have to build to read it. Undefined where it cannot be told so. */
export function helpFromSource() {
  if (!existsSync(helpSource)) return undefined;
  const [, text] = /HELP = `([^`$\\]*)`/.exec(readFileSync(helpSource, "utf8")) ?? [];
  return text;
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
  const flags = args.map((arg) => arg.split("=")[0]).filter((flag) => headlessFlags.includes(flag));
  if (flags.length === 0 && args.includes("--version")) return printVersion();
  if (flags.every((flag) => flag === "--help" || flag === "-h") && flags.length > 0 && isCheckout && !isFresh("cli")) {
    const help = helpFromSource();
    if (help !== undefined) {
      process.stdout.write(help);
      return 0;
    }
  }
  if (flags.length > 0) return runHeadless(args);
  const parsed = parseWindowArgs(args);
  if (!parsed.ok) {
    process.stderr.write(`flockdeck: ${parsed.fault}\n`);
    return 2;
  }
  const missing = parsed.file === undefined ? undefined : missingFile(parsed.file);
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 2;
  }
  const { launchWindow } = await import("./launch-window.mjs");
  return launchWindow(args, parsed.file);
}
