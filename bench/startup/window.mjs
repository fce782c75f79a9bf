/**
 * Launch times of two Electron apps, in turn: ours to its first streamed text, and an empty window. Both as they start day
 * by day, with the user data of an earlier start; ours as it starts for the first time, too. Run by itself, prints them as JSON.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { _electron, errors } from "@playwright/test";
import { resolveElectron } from "../../scripts/electron.mjs";
import { machineArgs } from "../../scripts/lib/electron-args.mjs";
import { root } from "../lib/bundle.mjs";

/** Longer than any start takes. Playwright now and then misses that a window has opened: such a start is taken again. */
const ATTACH_LIMIT_MS = 15_000;
const ATTEMPTS = 4;

/** Where there is no display, on one made for this. */
export async function windowStarts(rounds) {
  const here = [process.execPath, fileURLToPath(import.meta.url), String(rounds)];
  const needsDisplay = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  const [command, ...args] = needsDisplay ? ["xvfb-run", "-a", ...here] : here;
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout.slice(stdout.indexOf("{")));
}

async function measureStarts(rounds) {
  const empty = path.join(root, "e2e/empty-window");
  const folder = mkdtempSync(path.join(os.tmpdir(), "flockdeck-bench-"));
  const dataOfApp = path.join(folder, "app");
  const dataOfEmpty = path.join(folder, "empty");
  const times = { first: [], app: [], empty: [] };
  try {
    await start(undefined, dataOfApp);
    await start(empty, dataOfEmpty);
    for (let round = 0; round < rounds; round += 1) {
      times.empty.push(await start(empty, dataOfEmpty));
      times.app.push(await start(undefined, dataOfApp));
      times.first.push(await start(undefined));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return times;
}

async function start(appFolder, userData) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(appFolder, userData);
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Without `userData` as it starts for the first time. */
async function startOnce(appFolder, userData) {
  const runtime = await resolveElectron(appFolder);
  const folder = userData ?? mkdtempSync(path.join(os.tmpdir(), "flockdeck-bench-"));
  const began = performance.now();
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...machineArgs(), `--user-data-dir=${folder}`, ...runtime.appArgs],
    timeout: ATTACH_LIMIT_MS,
  });
  try {
    const page = await app.firstWindow({ timeout: ATTACH_LIMIT_MS });
    if (appFolder === undefined) await page.evaluate(publishAndWaitForText);
    else await page.waitForSelector('[data-testid="stream-text"]');
    const elapsed = performance.now() - began;
    await app.close();
    return elapsed;
  } catch (error) {
    app.process().kill("SIGKILL");
    throw error;
  } finally {
    if (userData === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await measureStarts(Number(process.argv[2] ?? 5))));
}
