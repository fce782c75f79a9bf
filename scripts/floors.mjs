/**
 * The floor rule: a folder under src/ imports only from floors below it, and no file is longer than 400 lines.
 * `node scripts/floors.mjs` prints every violation and exits 1 if there is one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/paths.mjs";

export const LONGEST_FILE = 400;

const floorsOneAndTwo = ["protocol", "core", "engines", "flockfile", "history", "relay"];

/** Folder → the folders it may import from. The same table as in the design. */
export const mayImport = {
  protocol: [],
  core: [],
  engines: ["core"],
  flockfile: ["core"],
  history: ["core", "protocol"],
  relay: ["protocol"],
  runtime: floorsOneAndTwo,
  server: ["runtime", "relay", "protocol"],
  cli: ["server", "runtime", "protocol"],
  main: ["server", "runtime", "protocol"],
  preload: [],
  renderer: ["protocol"],
};

/** Folder → packages that no other folder may import. */
const onlyIn = { electron: ["main", "preload"], react: ["renderer"], ws: ["server"], hono: ["server"] };

const importPattern = /(?:^|[^.\w])(?:import|export)\s*(?:type\s+)?(?:[^"'`;]*?\sfrom\s*)?\(?\s*["']([^"']+)["']/g;

export function importsOf(text) {
  return [...text.matchAll(importPattern)].map((match) => match[1]);
}

function faultOfImport(path, folder, specifier) {
  if (!specifier.startsWith(".")) {
    const [owner] = specifier.replace(/^@[^/]+\//, "").split("/");
    const allowed = specifier.startsWith("@") ? undefined : onlyIn[owner];
    if (allowed === undefined || allowed.includes(folder)) return undefined;
    return `${path}: imports ${specifier}, which belongs to src/${allowed.join(" and src/")} alone`;
  }
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const [top, targetFolder] = target.split("/");
  if (target === "package.json") return undefined;
  if (top !== "src") return `${path}: imports ${specifier}, which is outside src/`;
  if (targetFolder === folder || mayImport[folder].includes(targetFolder)) return undefined;
  const allowed = mayImport[folder].map((name) => `src/${name}`).join(", ") || "no other folder";
  return `${path}: imports src/${targetFolder}, but src/${folder} may import only from ${allowed}`;
}

/**
 * @param {ReadonlyMap<string, string>} files path relative to the root, with slashes → text
 * @returns {string[]} one line per violation
 */
export function findViolations(files) {
  const violations = [];
  for (const [path, text] of files) {
    const lines = text.split("\n").length - 1;
    if (lines > LONGEST_FILE) violations.push(`${path}: has ${lines} lines; the most is ${LONGEST_FILE}`);
    const [top, folder] = path.split("/");
    if (top !== "src" || folder === undefined || folder.includes(".")) continue;
    if (!(folder in mayImport)) {
      violations.push(`${path}: src/${folder} is on no floor; add it to the table`);
      continue;
    }
    if (/\.(test|testing)\.tsx?$/.test(path)) continue;
    for (const specifier of importsOf(text)) {
      const fault = faultOfImport(path, folder, specifier);
      if (fault !== undefined) violations.push(fault);
    }
  }
  return violations;
}

const isSource = /\.(ts|tsx|mts|mjs|cjs|js|css)$/;

function* walk(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path);
    else if (isSource.test(entry.name)) yield path;
  }
}

export function readSources() {
  const folders = ["src", "scripts", "bin", "e2e", "bench"];
  const paths = folders.flatMap((folder) => {
    try {
      return [...walk(folder)];
    } catch {
      return [];
    }
  });
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const violations = findViolations(readSources());
  for (const line of violations) process.stderr.write(`${line}\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
