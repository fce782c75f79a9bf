import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import manifest from "../package.json" with { type: "json" };
import { machineArgs } from "../scripts/lib/electron-args.mjs";
import { toolNode } from "../scripts/lib/paths.mjs";
import { expect, flockFile, launchElectron, publishSample, test, tiles } from "./desktop.js";

const root = join(import.meta.dirname, "..");
const run = promisify(execFile);
let output: string;
let executable: string;

test.skip(process.platform !== "linux", "electron-builder's unpacked folder is tried on Linux alone");

test.beforeAll(async () => {
  test.setTimeout(180_000);
  output = await mkdtemp(join(tmpdir(), "flockdeck-package-"));
  await run(toolNode(), [join(root, "scripts", "package.mjs"), "dir", `-c.directories.output=${output}`], {
    cwd: root,
  });
  executable = join(output, "linux-unpacked", "flockdeck");
});

test.afterAll(() => rm(output, { recursive: true, force: true }));

/** The packaged app's command line, with no display anywhere near. */
async function packaged(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  return run(executable, [...machineArgs(), ...args], { env, maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

test("the packaged app tells its version without a display", async () => {
  const { code, stdout } = await packaged("--version");
  expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: manifest.version });
});

test("the packaged app runs a flock as NDJSON without a display", async () => {
  const { code, stdout } = await packaged("--cli", flockFile("echo.yaml"), "--json");
  const messages = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; status?: string; full_content?: string });
  expect(code).toBe(0);
  expect(messages[0]?.type).toBe("hello");
  expect(messages.find(({ type }) => type === "stream_complete")).toMatchObject({
    status: "completed",
    full_content: "Said again, word for word, from a file that was opened later.",
  });
});

test("the packaged app passes on the exit code of an invalid file", async () => {
  const { code, stderr, stdout } = await packaged("--validate", flockFile("broken.yaml"));
  expect(code).toBe(2);
  expect(`${stdout}${stderr}`).toMatch(/broken\.yaml:11:/);
});

test("the packaged app opens its window", async () => {
  const userData = await mkdtemp(join(tmpdir(), "flockdeck-packaged-"));
  const { app, page } = await launchElectron(executable, [`--user-data-dir=${userData}`, flockFile("echo.yaml")]);
  await publishSample(page);
  await expect(tiles(page, "done")).toHaveCount(1);
  expect(await app.evaluate(({ app }) => app.isPackaged)).toBe(true);
  await app.close();
  await rm(userData, { recursive: true, force: true, maxRetries: 5 });
});
