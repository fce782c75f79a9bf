import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

const headlessFlags = ["--cli", "--serve", "--validate", "--version", "--help", "-h", "--completion"];

/** Switches that Chromium needs before any of our code runs, as root for instance; the command line knows none of them. */
const chromiumSwitches =
  /^--(no-sandbox|disable-gpu|user-data-dir|ozone-platform|ozone-platform-hint|enable-logging)(=|$)/;

export function wantsHeadless(args: readonly string[]): boolean {
  return args.some((arg) => headlessFlags.includes(arg.split("=")[0] ?? ""));
}

export function headlessArgs(args: readonly string[]): string[] {
  return args.filter((arg) => !chromiumSwitches.test(arg));
}

/**
 * Runs the command line in this same executable as plain Node, to its end, before the display is opened. Signals that
 * this process is sent reach the command line, which decides how to end.
 * @returns its exit code
 */
export function relaunchHeadless(appPath: string, args: readonly string[]): number {
  const script = join(appPath, "bin", "headless.cjs");
  return runInPlace(process.execPath, [script, ...headlessArgs(args)], {
    ...definedOnly(process.env),
    ELECTRON_RUN_AS_NODE: "1",
  });
}

type Environment = Record<string, string>;

/**
 * Puts a program in the place of this process where Node can (22.15 on, not on Windows), else runs it to its end.
 * Blocks in any case: once the main script returns, Electron opens the display.
 * @returns the program's exit code, 128 and the signal's number where a signal ended it
 */
export function runInPlace(executable: string, args: readonly string[], env: Environment): number {
  if (typeof process.execve === "function" && process.platform !== "win32")
    process.execve(executable, [executable, ...args], env);
  return runInWorker(executable, args, env) ?? runDeaf(executable, args, env);
}

/** What the worker writes, as 32-bit integers: 1 once it is done, and the exit code or -1 where nothing was started. */
const DONE = 0;
const CODE = 1;

/**
 * The main thread has to block, and hears no signal while it does; a worker's loop goes on. `process.on` gives workers no
 * signals, but where `execve` is missing Node still lends out the binding beneath it. The program gets a session of its own,
 * so that a terminal's Ctrl-C reaches it once, by way of this process.
 */
const SUPERVISOR = `
  const { workerData } = require("node:worker_threads");
  const { constants } = require("node:os");
  const { spawn } = require("node:child_process");
  const state = new Int32Array(workerData.state);
  const finish = (code) => {
    state[${CODE}] = code;
    Atomics.store(state, ${DONE}, 1);
    Atomics.notify(state, ${DONE});
  };
  try {
    const { Signal } = process.binding("signal_wrap");
    const { executable, args, env } = workerData;
    const child = spawn(executable, args, { stdio: "inherit", env, detached: true });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGWINCH"]) {
      const signal = new Signal();
      signal.unref();
      signal.onsignal = () => child.kill(name);
      signal.start(constants.signals[name]);
    }
    child.on("error", () => finish(-1));
    child.on("exit", (code, signal) => finish(code ?? 128 + constants.signals[signal]));
  } catch {
    finish(-1);
  }
`;

function runInWorker(executable: string, args: readonly string[], env: Environment): number | null {
  if (process.platform === "win32") return null;
  const state = new Int32Array(new SharedArrayBuffer(8));
  new Worker(SUPERVISOR, { eval: true, execArgv: [], workerData: { state: state.buffer, executable, args, env } });
  Atomics.wait(state, DONE, 0);
  return state[CODE] === undefined || state[CODE] < 0 ? null : state[CODE];
}

/** Outlives a Ctrl-C, which a console sends to both processes. */
function runDeaf(executable: string, args: readonly string[], env: Environment): number {
  process.on("SIGINT", () => {});
  const { status, signal } = spawnSync(executable, args, { stdio: "inherit", env });
  return status ?? (signal === null ? 1 : 128 + constants.signals[signal]);
}

function definedOnly(env: NodeJS.ProcessEnv): Environment {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
