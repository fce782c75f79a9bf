import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, join } from "node:path";
import { cacheDir } from "./paths.mjs";

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkTree(join(from, entry.name), join(to, entry.name));
    else linkOrCopy(join(from, entry.name), join(to, entry.name));
  }
}

/**
 * A runtime without `default_app.asar` takes no path on its command line: it runs `resources/app`. So each app, and with it
 * each checkout, gets a copy of its own, made of hard links, whose `resources/app` leads to the app.
 * @param {string} dist the cached runtime
 * @param {string} appFolder the folder of the app's package.json
 */
export function runtimeForApp(dist, appFolder) {
  const key = createHash("sha256").update(appFolder).digest("hex").slice(0, 12);
  const checkouts = join(cacheDir(), "electron", "checkouts");
  const folder = join(checkouts, `${basename(dist)}-${key}`);
  const app = join(folder, "resources", "app");
  if (existsSync(join(folder, "electron")) && existsSync(app) && readlinkSync(app) === appFolder) return folder;
  mkdirSync(checkouts, { recursive: true });
  const temporary = mkdtempSync(join(checkouts, "new-"));
  linkTree(dist, temporary);
  symlinkSync(appFolder, join(temporary, "resources", "app"), "dir");
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another start made the same folder in the meantime.
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(app)) throw error;
  }
  return folder;
}
