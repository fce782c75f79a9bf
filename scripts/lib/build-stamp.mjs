import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const lower = ["protocol", "core", "engines", "flockfile", "history", "relay", "runtime", "server"].map(
  (f) => `src/${f}`,
);
const shared = [
  "package.json",
  "package-lock.json",
  "tsconfig.base.json",
  "scripts/build.mjs",
  "scripts/lib/vite-shared.mjs",
];

/** What is built, from what, and the files that show that it is there. */
export const targets = {
  cli: { inputs: [...shared, ...lower, "src/cli"], outputs: ["out/cli/index.cjs", "out/cli/history-writer.cjs"] },
  desktop: {
    inputs: [...shared, ...lower, "src/main", "src/preload", "src/renderer", "electron.vite.config.ts"],
    outputs: [
      "main/index.cjs",
      "main/desktop.cjs",
      "main/history-writer.cjs",
      "preload/index.cjs",
      "renderer/index.html",
    ].map((name) => `out/${name}`),
  },
  lib: {
    inputs: [...shared, ...lower, "src/cli", "scripts/lib/library.mjs", "scripts/lib/library.tsconfig.json"],
    outputs: ["core/index", "engines/index", "flockfile/index", "server/library", "cli/library"].flatMap((name) => [
      `out/lib/${name}.js`,
      `out/lib/${name}.d.ts`,
    ]),
  },
};

const isTest = /\.(test|testing)\.tsx?$/;

function* files(path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    for (const entry of readdirSync(join(root, path)).sort()) yield* files(`${path}/${entry}`);
  } else if (!isTest.test(path)) {
    yield `${path}:${stats.size}:${stats.mtimeMs}`;
  }
}

/** A hash of the inputs' names, sizes and times: some milliseconds, no file is read. */
export function inputsStamp(target) {
  const hash = createHash("sha256");
  for (const input of targets[target].inputs) for (const line of files(input)) hash.update(`${line}\n`);
  return hash.digest("hex");
}

const stampFile = (target) => join(root, "out", `.${target}.stamp`);

export function isFresh(target) {
  if (!targets[target].outputs.every((path) => existsSync(join(root, path)))) return false;
  return existsSync(stampFile(target)) && readFileSync(stampFile(target), "utf8") === inputsStamp(target);
}

/** @param {string} stamp as it was when the build began: what changed meanwhile makes it stale. */
export function markBuilt(target, stamp) {
  mkdirSync(join(root, "out"), { recursive: true });
  writeFileSync(stampFile(target), stamp);
}
