import { resolveElectron } from "../scripts/electron.mjs";
import { hasDisplay, startXvfb } from "../scripts/lib/display.mjs";
import { ensureBuilt } from "../scripts/lib/ensure-built.mjs";

/** Builds what is stale, resolves Electron, and makes a display where there is none; the workers inherit the environment. */
export default async function globalSetup(): Promise<() => void> {
  await ensureBuilt(["cli", "desktop"]);
  const { line } = await resolveElectron();
  process.stdout.write(`Using ${line}\n`);
  if (hasDisplay()) return () => {};
  const xvfb = await startXvfb();
  process.env.DISPLAY = xvfb.display;
  return xvfb.stop;
}
