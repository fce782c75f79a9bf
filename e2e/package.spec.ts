import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { spawn as spawnPty } from "@lydell/node-pty";
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

interface Running {
  readonly process: ReturnType<typeof spawn>;
  readonly lines: AsyncIterableIterator<string>;
  /** Exit code and signal. */
  readonly exited: Promise<unknown[]>;
}

function startPackaged(...args: string[]): Running {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const started = spawn(executable, [...machineArgs(), ...args], { env, stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
  return { process: started, lines, exited: once(started, "exit") };
}

for (const [signal, code] of [
  ["SIGTERM", 0],
  ["SIGINT", 130],
] as const) {
  test(`the packaged app drains its server on ${signal}, and ends with ${code} within two seconds`, async () => {
    const running = startPackaged("--serve", flockFile("echo.yaml"), "--port", "0", "--json");
    const first = await running.lines.next();
    const { url } = JSON.parse(String(first.value)) as { url: string };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const sent = performance.now();
    running.process.kill(signal);
    expect(await running.exited).toEqual([code, null]);
    expect(performance.now() - sent).toBeLessThan(2_000);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
}

test("the packaged app stops a run on SIGINT, tells what there is, and ends with 130", async () => {
  const running = startPackaged("--cli", flockFile("compare.yaml"), "--json");
  const types: string[] = [];
  for await (const line of running.lines) {
    const { type } = JSON.parse(line) as { type: string };
    if (type === "stream_chunk" && !types.includes(type)) running.process.kill("SIGINT");
    types.push(type);
  }
  expect(await running.exited).toEqual([130, null]);
  expect(types.slice(-1)).toEqual(["workflow_finished"]);
});

test("Ctrl-C in a terminal ends the packaged app once it has said what there is, and not before", async () => {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const pty = spawnPty(executable, [...machineArgs(), "--cli", flockFile("compare.yaml")], {
    name: "xterm-256color",
    cols: 80,
    rows: 24,
    env,
  });
  let output = "";
  let interrupted = false;
  pty.onData((data) => {
    output += data;
    if (interrupted || !output.includes("Bridges")) return;
    interrupted = true;
    pty.write("\u0003");
  });
  const code = await new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  expect(code).toBe(130);
  expect(output.slice(output.lastIndexOf("^C"))).toMatch(/\d stopped/);
  expect(output.endsWith("\u001b[?25h")).toBe(true);
});

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
