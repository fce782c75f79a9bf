/** The Debian packages that the window and the tests need: installed where we may, named where we may not. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDir } from "./paths.mjs";
import { lastLines, run, SetupError } from "./run.mjs";
import { withProgress } from "./say.mjs";

const forWindow = [
  "xvfb",
  "xauth",
  "libgtk-3-0",
  "libnss3",
  "libasound2",
  "libgbm1",
  "libxss1",
  "libxtst6",
  "libnotify4",
  "libdrm2",
];

export function findProgram(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of names) {
    const folder = folders.find((candidate) => candidate && existsSync(join(candidate, name)));
    if (folder) return join(folder, name);
  }
  return undefined;
}

/** A Chromium for the browser tests. */
export function findChromium() {
  return process.env.CHROMIUM_PATH ?? findProgram("chromium", "chromium-browser", "google-chrome");
}

async function missingLibraries(executable) {
  const { code, output } = await run("ldd", [executable]);
  if (code !== 0) return [];
  return output.split("\n").flatMap((line) => (line.includes("not found") ? [line.trim().split(" ")[0] ?? ""] : []));
}

/** Newer Debians and Ubuntus call some libraries `…t64`. */
async function installable(names) {
  const { output } = await run("apt-cache", ["policy", ...names.flatMap((name) => [name, `${name}t64`])]);
  const known = new Set();
  for (const block of output.split(/^(?=\S)/m)) {
    const [name] = block.split(":");
    if (block.includes("Candidate:") && !block.includes("Candidate: (none)")) known.add(name);
  }
  return names.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}

async function aptInstall(names, why) {
  const byHand = `apt-get install ${names.join(" ")}`;
  if (!findProgram("apt-get")) throw new SetupError(`${why} Install what your system calls these: ${names.join(" ")}.`);
  if (process.getuid?.() !== 0) throw new SetupError(`${why} Type: sudo ${byHand}`);
  await withProgress(`Installing system packages (${names.join(" ")})`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const update = await run("apt-get", ["update", "-q"], { env });
    const args = ["install", "-q", "-y", "--no-install-recommends", ...(await installable(names))];
    const { code, output } = await run("apt-get", args, { env });
    if (code === 0) return;
    const faults = update.code === 0 ? output : `${update.output}${output}`;
    throw new SetupError(`${why} Installing them failed:\n${lastLines(faults, 6)}\nType: ${byHand}`);
  });
}

/**
 * What a window needs on Linux: the libraries that the executable links, and a display or the means to make one.
 * A check that passed is remembered for that executable.
 */
export async function ensureWindowPackages(executable, needsXvfb) {
  if (process.platform !== "linux") return;
  const passed = join(cacheDir(), "electron", "libraries-present");
  const noXvfb = needsXvfb && !findProgram("Xvfb");
  if (existsSync(passed) && !noXvfb) return;
  const libraries = await missingLibraries(executable);
  if (libraries.length > 0 || noXvfb) {
    const what = [...libraries, ...(noXvfb ? ["a display (neither DISPLAY nor Xvfb is there)"] : [])];
    await aptInstall(forWindow, `The window lacks ${what.join(", ")}.`);
    const still = await missingLibraries(executable);
    if (still.length > 0) throw new SetupError(`The window still lacks ${still.join(", ")}.`);
  }
  mkdirSync(join(cacheDir(), "electron"), { recursive: true });
  writeFileSync(passed, executable);
}

/** What the tests need besides the window. */
export async function ensureTestPackages() {
  if (process.platform !== "linux") return;
  const missing = [
    ...(findProgram("Xvfb") ? [] : forWindow),
    ...(findChromium() ? [] : ["chromium"]),
    ...(findProgram("tmux") ? [] : ["tmux"]),
  ];
  if (missing.length > 0) await aptInstall(missing, "The tests need system packages.");
}
