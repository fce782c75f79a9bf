/** Bundles one TypeScript entry for Node and returns the module's path, so that benches run the product's own source. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const outDir = path.join(root, "out/bench");

export async function bundle(entry, { external = [] } = {}) {
  mkdirSync(outDir, { recursive: true });
  const name = path.relative(path.join(root, "bench"), path.join(root, entry)).replaceAll(/[\\/]/g, "-");
  const file = path.join(outDir, name.replace(/\.ts$/, ".mjs"));
  const build = await rolldown({
    input: path.join(root, entry),
    platform: "node",
    external: ["bufferutil", "utf-8-validate", /^node:/, ...external],
    logLevel: "silent",
  });
  await build.write({ file, format: "esm", codeSplitting: false, banner: requireBanner });
  await build.close();
  return file;
}

const requireBanner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

export { root };
