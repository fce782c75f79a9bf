/** `npm run dev`: electron-vite on the resolved Electron; reloads the page and restarts the app as you edit. */
import { resolveElectron } from "./electron.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { hasDisplay, startXvfb } from "./lib/display.mjs";
import { machineArgs } from "./lib/electron-args.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";
import { ensureWindowPackages } from "./lib/system-packages.mjs";

process.chdir(root);
await ensureDependencies();
const runtime = await resolveElectron();
const needsXvfb = !hasDisplay();
await ensureWindowPackages(runtime.executable, needsXvfb);
if (needsXvfb) {
  const xvfb = await startXvfb();
  process.env.DISPLAY = xvfb.display;
  process.on("exit", () => xvfb.stop());
}
say(`Using ${runtime.line}`);
process.env.FLOCKDECK_RUNTIME = runtime.line;
process.env.ELECTRON_EXEC_PATH = runtime.executable;
process.env.ELECTRON_CLI_ARGS = JSON.stringify([...machineArgs(), ...process.argv.slice(2)]);

const { createServer } = await import("electron-vite");
await createServer({ root, build: { watch: {} }, clearScreen: false }, { rendererOnly: false });
