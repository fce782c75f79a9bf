/**
 * Which Electron runs the window: the official one wherever it can be had, else the fallback runtime.
 * `node scripts/electron.mjs` resolves it and prints the result as JSON.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fallback, fallbackDist, fallbackIsOffered } from "./lib/electron-fallback.mjs";
import { executableName, officialElectron } from "./lib/electron-official.mjs";
import { root } from "./lib/paths.mjs";
import { SetupError } from "./lib/run.mjs";
import { runtimeForApp } from "./lib/runtime-folder.mjs";

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable
 * @property {string} dist the unpacked runtime without any app in it
 * @property {string} version
 * @property {boolean} official
 * @property {string[]} appArgs what to put before the app's own arguments
 * @property {string} line one line for people
 */

function toRuntime(dist, version, official, appFolder) {
  const takesPath = process.platform !== "linux" || existsSync(join(dist, "resources", "default_app.asar"));
  const folder = takesPath ? dist : runtimeForApp(dist, appFolder);
  const line = official
    ? `Electron ${version} (official)`
    : `Electron ${version} (fallback from the npm registry, because the official download cannot be reached)`;
  return {
    executable: join(folder, executableName),
    dist,
    version,
    official,
    appArgs: takesPath ? [appFolder] : [],
    line,
  };
}

/**
 * @param {string} [appFolder] the app to run: this one, unless a test wants another
 * @returns {Promise<ElectronRuntime>}
 * @throws {SetupError} that says what is missing
 */
export async function resolveElectron(appFolder = root) {
  const official = await officialElectron();
  if (official) return toRuntime(official.dist, official.version, true, appFolder);
  if (!fallbackIsOffered()) {
    throw new SetupError(
      `No Electron for ${process.platform}-${process.arch} can be had. Set ELECTRON_MIRROR to a mirror of its releases, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked one.`,
    );
  }
  const dist = await fallbackDist();
  return toRuntime(dist, fallback.version, false, appFolder);
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  resolveElectron().then(
    (runtime) => process.stdout.write(`${JSON.stringify(runtime, null, 2)}\n`),
    (error) => {
      process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
      process.exitCode = 1;
    },
  );
}
