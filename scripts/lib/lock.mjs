import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./say.mjs";

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function holder(folder) {
  try {
    return Number(readFileSync(join(folder, "pid"), "utf8"));
  } catch {
    return Number.NaN;
  }
}

/**
 * Runs `step` while no other process runs one under the same lock; a lock whose owner is gone is taken over.
 * @template T
 * @param {string} folder made for as long as the lock is held
 * @param {string} what what the other one is doing, for the person who waits
 * @param {() => Promise<T>} step
 */
export async function withLock(folder, what, step) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  let ownerless = 0;
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const pid = holder(folder);
    ownerless = Number.isNaN(pid) ? ownerless + 1 : 0;
    if (ownerless > 10 || (!Number.isNaN(pid) && !isAlive(pid))) rmSync(folder, { recursive: true, force: true });
    else if (!told) say(`Waiting for another start that is ${what} …`);
    told = true;
    await sleep(200);
  }
  writeFileSync(join(folder, "pid"), String(process.pid));
  try {
    return await step();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
