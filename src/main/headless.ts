import { spawnSync } from "node:child_process";
import { join } from "node:path";

const headlessFlags = ["--cli", "--serve", "--validate", "--version", "--help", "-h", "--completion"];

/** Switches that Chromium needs before any of our code runs, as root for instance; the command line knows none of them. */
const chromiumSwitches =
  /^--(no-sandbox|disable-gpu|user-data-dir|ozone-platform|ozone-platform-hint|enable-logging)(=|$)/;

export function wantsHeadless(args: readonly string[]): boolean {
  return args.some((arg) => headlessFlags.includes(arg.split("=")[0] ?? ""));
}

export function headlessArgs(args: readonly string[]): string[] {
  return args.filter((arg) => !chromiumSwitches.test(arg));
}

/**
 * Runs the command line in this same executable as plain Node, to its end, before the display is opened.
 * @returns its exit code
 */
export function relaunchHeadless(appPath: string, args: readonly string[]): number {
  const script = join(appPath, "bin", "headless.cjs");
  const { status, signal } = spawnSync(process.execPath, [script, ...headlessArgs(args)], {
    stdio: "inherit",
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
  });
  if (signal === "SIGINT") return 130;
  return status ?? 1;
}
