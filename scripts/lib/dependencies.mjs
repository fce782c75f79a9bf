import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { lastLines, runNpm, SetupError } from "./run.mjs";
import { withProgress } from "./say.mjs";

const lock = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");

/** Whether node_modules holds what package-lock.json asks for. Cheap: two `stat`s, and the files only where their times disagree. */
export function dependenciesAreFresh() {
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true;
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || present[path]?.version === entry.version,
  );
}

/** Installs the locked dependencies where they are missing. Throws `SetupError` with what to do. */
export async function ensureDependencies() {
  if (dependenciesAreFresh()) return;
  await withProgress("Installing dependencies (npm ci; the first time only)", async () => {
    const { code, output } = await runNpm(["ci", "--no-audit", "--no-fund", "--no-progress"], { cwd: root });
    if (code !== 0) {
      throw new SetupError(
        `npm ci failed:\n${lastLines(output)}\nMend what it names (is the network there?) and start again.`,
      );
    }
  });
}
