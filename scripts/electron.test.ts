import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { executableName, officialElectron } from "./lib/electron-official.mjs";
import { cacheDir } from "./lib/paths.mjs";
import { runtimeForApp } from "./lib/runtime-folder.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-electron-"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", "");
  vi.stubEnv("ELECTRON_SKIP_BINARY_DOWNLOAD", "");
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function makeDist(path: string, version: string): string {
  mkdirSync(dirname(join(path, executableName)), { recursive: true });
  writeFileSync(join(path, executableName), "");
  writeFileSync(join(path, "version"), version);
  return path;
}

/** An `electron` package whose downloader notes that it ran and fails. */
function makePackage(): { dir: string; version: string; tries: () => number } {
  const dir = join(folder, "electron");
  mkdirSync(dir, { recursive: true });
  const log = join(dir, "tries");
  const script = `require("node:fs").appendFileSync(${JSON.stringify(log)}, "x"); console.error("fetch failed"); process.exit(1);`;
  writeFileSync(join(dir, "install.js"), script);
  return { dir, version: "45.0.0", tries: () => (existsSync(log) ? statSync(log).size : 0) };
}

test("ELECTRON_OVERRIDE_DIST_PATH goes first", async () => {
  const dist = makeDist(join(folder, "mine"), "45.1.2");
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", dist);
  expect(await officialElectron(makePackage())).toEqual({ dist, version: "45.1.2" });
});

test("what is downloaded already is used", async () => {
  const electron = makePackage();
  const dist = makeDist(join(electron.dir, "dist"), "v45.0.0");
  expect(await officialElectron(electron)).toEqual({ dist, version: "45.0.0" });
  expect(electron.tries()).toBe(0);
});

test("a download that fails is not tried at every start", async () => {
  const electron = makePackage();
  expect(await officialElectron(electron)).toBeUndefined();
  expect(await officialElectron(electron)).toBeUndefined();
  expect(electron.tries()).toBe(1);
});

test("another mirror or version is worth another try", async () => {
  const electron = makePackage();
  await officialElectron(electron);
  vi.stubEnv("ELECTRON_MIRROR", "http://127.0.0.1:9/");
  await officialElectron(electron);
  await officialElectron({ ...electron, version: "46.0.0" });
  expect(electron.tries()).toBe(3);
});

test("ELECTRON_SKIP_BINARY_DOWNLOAD is honoured", async () => {
  const electron = makePackage();
  vi.stubEnv("ELECTRON_SKIP_BINARY_DOWNLOAD", "1");
  expect(await officialElectron(electron)).toBeUndefined();
  expect(electron.tries()).toBe(0);
});

test("two apps share one cached runtime without sharing what they run", () => {
  const dist = makeDist(join(folder, "cached"), "25.1.1");
  mkdirSync(join(dist, "resources"));
  chmodSync(join(dist, executableName), 0o755);
  const [first, second] = [runtimeForApp(dist, join(folder, "a")), runtimeForApp(dist, join(folder, "b"))];
  expect(first).not.toBe(second);
  expect(readlinkSync(join(first, "resources", "app"))).toBe(join(folder, "a"));
  expect(readlinkSync(join(second, "resources", "app"))).toBe(join(folder, "b"));
  expect(statSync(join(first, executableName)).ino).toBe(statSync(join(dist, executableName)).ino);
  expect(first.startsWith(cacheDir())).toBe(true);
});
