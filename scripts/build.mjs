/**
 * Builds everything, or what is named: `node scripts/build.mjs [cli] [desktop] [lib]`.
 * desktop: window, preload and renderer by electron-vite. cli: out/cli/index.cjs for plain Node. lib: flockdeck/core and its like, for programs.
 */
import { inputsStamp, markBuilt, targets } from "./lib/build-stamp.mjs";
import { buildLibrary } from "./lib/library.mjs";
import { root } from "./lib/paths.mjs";
import { nodeBundle } from "./lib/vite-shared.mjs";

const builders = {
  async cli() {
    const { build } = await import("vite");
    await build({ ...nodeBundle("cli"), configFile: false, logLevel: "warn" });
  },
  async desktop() {
    const { build } = await import("electron-vite");
    await build({ root, logLevel: "warn" });
  },
  lib: buildLibrary,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in builders));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no build called ${unknown.join(", ")}. Type one or more of: ${Object.keys(targets).join(", ")}.\n`,
  );
  process.exit(2);
}

process.chdir(root);
process.env.NODE_ENV = "production";
for (const target of names.length > 0 ? names : Object.keys(targets)) {
  const start = Date.now();
  const stamp = inputsStamp(target);
  try {
    await builders[target]();
  } catch (error) {
    process.stderr.write(`Building ${target} failed: ${error.message}\n`);
    process.exit(1);
  }
  markBuilt(target, stamp);
  process.stderr.write(`Built ${target} in ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}
