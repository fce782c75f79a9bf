/** The official Electron: where ELECTRON_OVERRIDE_DIST_PATH says, already downloaded, or by its own downloader. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { withLock } from "./lock.mjs";
import { cacheDir, root, toolNode } from "./paths.mjs";
import { lastLines, run } from "./run.mjs";
import { say } from "./say.mjs";

const DOWNLOAD_LIMIT_MS = 10 * 60_000;
const REMEMBER_FAILURE_MS = 6 * 3_600_000;

export const executableName =
  { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" }[process.platform] ?? "electron";

/**
 * The npm package, which carries no binary itself.
 * @returns {{ dir: string, version: string } | undefined}
 */
function electronPackage() {
  try {
    const manifest = createRequire(join(root, "package.json")).resolve("electron/package.json");
    return { dir: dirname(manifest), version: JSON.parse(readFileSync(manifest, "utf8")).version };
  } catch {
    return undefined;
  }
}

function versionOf(dist) {
  const file = join(dist, "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^v/, "") : "of unknown version";
}

function distIn(folder) {
  return existsSync(join(folder, executableName)) ? { dist: folder, version: versionOf(folder) } : undefined;
}

function failureFile() {
  return join(cacheDir(), "electron", "download-failed");
}

function failedLately(version) {
  const stats = statSync(failureFile(), { throwIfNoEntry: false });
  if (stats === undefined || Date.now() - stats.mtimeMs > REMEMBER_FAILURE_MS) return false;
  return readFileSync(failureFile(), "utf8") === `${version} ${process.env.ELECTRON_MIRROR ?? ""}`;
}

async function download({ dir, version }) {
  say(`Downloading Electron ${version} …`);
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const { code, output } = await run(toolNode(), [join(dir, "install.js")], {
    env,
    timeout: DOWNLOAD_LIMIT_MS,
    show: false,
  });
  const found = distIn(join(dir, "dist"));
  if (code === 0 && found) return found;
  say(`Electron ${version} cannot be downloaded here (${lastLines(output, 1).trim() || "no answer in time"}).`);
  mkdirSync(dirname(failureFile()), { recursive: true });
  writeFileSync(failureFile(), `${version} ${process.env.ELECTRON_MIRROR ?? ""}`);
  return undefined;
}

/**
 * @param {{ dir: string, version: string } | undefined} [electron] the npm package
 * @returns {Promise<{ dist: string, version: string } | undefined>}
 *   undefined where it cannot be had; a failed download is not tried again for six hours.
 */
export async function officialElectron(electron = electronPackage()) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const found = distIn(override);
    if (!found)
      say(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, where there is no ${executableName}; it is passed over.`);
    else return found;
  }
  if (!electron) return undefined;
  const downloaded = distIn(join(electron.dir, "dist"));
  if (downloaded) return downloaded;
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD || failedLately(electron.version)) return undefined;
  return withLock(
    join(cacheDir(), "electron", "download.lock"),
    "downloading Electron",
    async () => distIn(join(electron.dir, "dist")) ?? (failedLately(electron.version) ? undefined : download(electron)),
  );
}
