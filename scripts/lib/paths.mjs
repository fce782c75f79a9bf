import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** A clone of the repository, as opposed to an installed package, which carries its build and no sources. */
export const isCheckout = existsSync(join(root, "src")) && existsSync(join(root, "scripts", "build.mjs"));

/** Where downloads are kept, outside every checkout. */
export function cacheDir() {
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, "flockdeck");
  if (process.platform === "win32" && process.env.LOCALAPPDATA)
    return join(process.env.LOCALAPPDATA, "flockdeck", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "flockdeck");
  return join(homedir(), ".cache", "flockdeck");
}

/** The Node that the tools run on: the one of the dev dependencies where it is there, which is newer than the oldest supported. */
export function toolNode() {
  const own = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(own) ? own : process.execPath;
}
