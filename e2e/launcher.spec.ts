import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, flockFile, test } from "./desktop.js";

const root = join(import.meta.dirname, "..");

test.skip(process.platform !== "linux", "a display can be done without on Linux alone");

/** Starts the launcher as a user does, without any display, and waits until its window runs. */
async function start(userData: string) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const launcher = spawn(
    process.execPath,
    ["bin/flockdeck.js", flockFile("echo.yaml"), `--user-data-dir=${userData}`],
    {
      cwd: root,
      env,
    },
  );
  const output = { stdout: "", stderr: "" };
  launcher.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  launcher.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => launcher.once("exit", resolve));
  // The recent files are written once the flock is open.
  await expect
    .poll(() => readFile(join(userData, "settings.json"), "utf8").catch(() => ""), { timeout: 45_000 })
    .toContain("echo.yaml");
  return { launcher, output, ended };
}

test("one command opens the window, says in one line on which Electron, and ends when told to", async () => {
  const userData = await mkdtemp(join(tmpdir(), "flockdeck-launch-"));
  const { launcher, output, ended } = await start(userData);
  launcher.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(output.stdout).toBe("");
  expect(output.stderr.match(/Using Electron \d+/g)).toHaveLength(1);
  expect(output.stderr).not.toMatch(/:ERROR:/);
  await rm(userData, { recursive: true, force: true, maxRetries: 5 });
});
