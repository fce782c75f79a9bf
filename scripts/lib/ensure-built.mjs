import { join } from "node:path";
import { isFresh } from "./build-stamp.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { withLock } from "./lock.mjs";
import { isCheckout, root, toolNode } from "./paths.mjs";
import { lastLines, run, SetupError } from "./run.mjs";
import { withProgress } from "./say.mjs";

/**
 * In a checkout: installs and builds what is missing or older than its sources. An installed package carries its build.
 * @param {readonly ("cli" | "desktop" | "lib")[]} wanted
 */
export async function ensureBuilt(wanted) {
  if (!isCheckout || wanted.every(isFresh)) return;
  await withLock(join(root, "out", ".lock"), "installing or building", async () => {
    const stale = wanted.filter((target) => !isFresh(target));
    if (stale.length === 0) return;
    await ensureDependencies();
    await withProgress(`Building (${stale.join(", ")})`, async () => {
      const { code, output } = await run(toolNode(), [join(root, "scripts", "build.mjs"), ...stale], { cwd: root });
      if (code !== 0) throw new SetupError(`The build failed:\n${lastLines(output, 40)}`);
    });
  });
}
