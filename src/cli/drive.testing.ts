/** Drives the built command line as its users do: in a pseudo-terminal and through pipes. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawn as spawnPty } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { build } from "vite";
import type { ServerMessage } from "../protocol/index.js";

const root = path.join(import.meta.dirname, "..", "..");

interface BuildScripts {
  inputsStamp(target: "cli"): string;
  nodeBundle(name: "cli"): { build: object } & object;
}

async function buildScripts(): Promise<BuildScripts> {
  const load = (name: string) => import(/* @vite-ignore */ path.join(root, "scripts", "lib", name));
  const [{ inputsStamp }, { nodeBundle }] = await Promise.all([load("build-stamp.mjs"), load("vite-shared.mjs")]);
  return { inputsStamp, nodeBundle };
}

let building: Promise<string> | undefined;

/** Builds the command line as the product does, once for each state of its sources. Resolves with a script to run. */
export function builtCli(): Promise<string> {
  building ??= buildOnce();
  return building;
}

async function buildOnce(): Promise<string> {
  const { inputsStamp, nodeBundle } = await buildScripts();
  const folder = path.join(root, "out", "test", `cli-${inputsStamp("cli").slice(0, 16)}`);
  const script = path.join(folder, "run.cjs");
  if (existsSync(script)) return script;
  await mkdir(path.dirname(folder), { recursive: true });
  const made = await mkdtemp(`${folder}-`);
  const config = nodeBundle("cli");
  await build({ ...config, configFile: false, logLevel: "error", build: { ...config.build, outDir: made } });
  await writeFile(
    path.join(made, "run.cjs"),
    'require("./index.cjs").main(process.argv.slice(2)).then((code) => { process.exitCode = code; });\n',
  );
  await removeOldBuilds(path.dirname(folder));
  // Another test file may have been faster; either build will do.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  return script;
}

const OLD_MS = 10 * 60_000;

async function removeOldBuilds(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const build = path.join(folder, name);
    const { mtimeMs } = await stat(build).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (name.startsWith("cli-") && mtimeMs < Date.now() - OLD_MS) await rm(build, { recursive: true, force: true });
  }
}

/** A flock file in a folder of its own. */
export async function flockFile(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "flockdeck-")), "flock.yaml");
  await writeFile(file, text);
  return file;
}

export const exampleFile = (name: string): string => path.join(root, "resources", "flocks", `${name}.yaml`);

/** The environment of a machine without a display. */
function bareEnvironment(extra: Record<string, string>): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...extra };
}

export interface Piped {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when standard output holds what the predicate wants. */
  until(predicate: (stdout: string) => boolean): Promise<void>;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export async function startPiped(args: readonly string[], env: Record<string, string> = {}): Promise<Piped> {
  const child = spawn(process.execPath, [await builtCli(), ...args], { env: bareEnvironment(env) });
  let stdout = "";
  let stderr = "";
  const checks = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const check of [...checks]) check();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    until: (predicate) =>
      new Promise((resolve) => {
        const check = () => {
          if (!predicate(stdout)) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      }),
    exit: new Promise((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal }));
    }),
  };
}

export async function runPiped(args: readonly string[], env: Record<string, string> = {}) {
  const piped = await startPiped(args, env);
  const { code } = await piped.exit;
  return { code, stdout: piped.stdout(), stderr: piped.stderr() };
}

export function messagesOf(ndjson: string): ServerMessage[] {
  return ndjson
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export interface TerminalSession {
  /** Everything that the program wrote. */
  readonly raw: () => string;
  /** The rows that are seen now, without trailing spaces. */
  screen(): string[];
  /** What has scrolled away, and what is seen. */
  everything(): string[];
  /** Whether any row is the continuation of one that was too wide. */
  wrapped(): boolean;
  /** Resolves with the screen at the first moment that fits. */
  until(predicate: (screen: string[]) => boolean): Promise<string[]>;
  /** Called after each piece of output, once the screen shows it. */
  onScreen(listener: (screen: string[]) => void): void;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  hangUp(): void;
  readonly pid: number;
  readonly exit: Promise<number>;
}

export async function startInTerminal(
  args: readonly string[],
  options: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Promise<TerminalSession> {
  const { columns = 80, rows = 24 } = options;
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
  const pty = spawnPty(process.execPath, [await builtCli(), ...args], {
    name: options.env?.TERM ?? "xterm-256color",
    cols: columns,
    rows,
    env: bareEnvironment(options.env ?? {}),
  });
  let raw = "";
  const listeners = new Set<(screen: string[]) => void>();
  const lines = (from: number): string[] => {
    const buffer = terminal.buffer.active;
    return Array.from(
      { length: buffer.length - from },
      (_, i) => buffer.getLine(from + i)?.translateToString(true) ?? "",
    );
  };
  const screen = () => lines(terminal.buffer.active.baseY);
  let written = Promise.resolve();
  pty.onData((text) => {
    raw += text;
    // Between these marks a terminal shows the frame before.
    const isWhole = raw.lastIndexOf("\u001b[?2026l") >= raw.lastIndexOf("\u001b[?2026h");
    written = new Promise((resolve) => {
      terminal.write(text, () => {
        resolve();
        if (!isWhole) return;
        for (const listener of [...listeners]) listener(screen());
      });
    });
  });
  return {
    raw: () => raw,
    screen,
    everything: () => lines(0),
    wrapped: () => {
      const buffer = terminal.buffer.active;
      return Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.isWrapped).includes(true);
    },
    until: (predicate) =>
      new Promise((resolve) => {
        const check = (now: string[]) => {
          if (!predicate(now)) return;
          listeners.delete(check);
          resolve(now);
        };
        listeners.add(check);
        check(screen());
      }),
    onScreen: (listener) => listeners.add(listener),
    type: (keys) => pty.write(keys),
    resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      pty.resize(nextColumns, nextRows);
    },
    hangUp: () => pty.kill("SIGHUP"),
    pid: pty.pid,
    exit: new Promise((resolve) => {
      pty.onExit(({ exitCode }) => void written.then(() => resolve(exitCode)));
    }),
  };
}
