/**
 * `npm run package [-- TARGET...]`: the app for this platform, by electron-builder.
 * `dir` (the default) is the unpacked app and needs no network; AppImage, deb, tar.gz, dmg and nsis are as
 * electron-builder.yml says.
 */
import { join } from "node:path";
import { resolveElectron } from "./electron.mjs";
import { ensureBuilt } from "./lib/ensure-built.mjs";
import { root } from "./lib/paths.mjs";
import { runTool } from "./lib/quality.mjs";
import { say } from "./lib/say.mjs";

const targets = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const platform = { darwin: "--mac", win32: "--win" }[process.platform] ?? "--linux";

await ensureBuilt(["cli", "desktop"]);
const runtime = await resolveElectron();
say(`Packaging with ${runtime.line}`);
process.exitCode = await runTool(join(root, "node_modules", "electron-builder", "cli.js"), [
  platform,
  ...(targets.length > 0 ? targets : ["dir"]),
  "--publish=never",
  `-c.electronVersion=${runtime.version}`,
  `-c.electronDist=${runtime.dist}`,
  ...process.argv.slice(2).filter((arg) => arg.startsWith("-")),
]);
