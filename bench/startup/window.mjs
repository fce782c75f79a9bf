/** Launch times of two Electron apps, in turn: ours to its first streamed text, and an empty window. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { _electron } from "@playwright/test";
import { resolveElectron } from "../../scripts/electron.mjs";
import { machineArgs } from "../../scripts/lib/electron-args.mjs";
import { root } from "../lib/bundle.mjs";

export async function windowStarts(rounds) {
  const empty = path.join(root, "e2e/empty-window");
  const times = { app: [], empty: [] };
  await start(undefined);
  await start(empty);
  for (let round = 0; round < rounds; round += 1) {
    times.empty.push(await start(empty));
    times.app.push(await start(undefined));
  }
  return times;
}

async function start(appFolder) {
  const runtime = await resolveElectron(appFolder);
  const userData = mkdtempSync(path.join(os.tmpdir(), "flockdeck-bench-"));
  const began = performance.now();
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...machineArgs(), `--user-data-dir=${userData}`, ...runtime.appArgs],
  });
  const page = await app.firstWindow();
  if (appFolder === undefined) await page.evaluate(publishAndWaitForText);
  else await page.waitForSelector('[data-testid="stream-text"]');
  const elapsed = performance.now() - began;
  await app.close();
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 });
  return elapsed;
}

/** Inside the page, so that no round trips are measured: presses the two buttons as soon as they are there. */
function publishAndWaitForText() {
  return new Promise((resolve) => {
    const find = (id) => document.querySelector(`[data-testid="${id}"]`);
    const pressed = new Set();
    const press = (id) => {
      const button = find(id);
      if (button === null || pressed.has(id) || button.matches(":disabled")) return;
      pressed.add(id);
      button.click();
    };
    const look = () => {
      if (find("stream-text")?.textContent) return resolve();
      if (find("publish-submit") === null) press("publish-button");
      else press("publish-submit");
      requestAnimationFrame(look);
    };
    look();
  });
}
