/** Runs the launcher as a user would, under the first Node on the PATH that is the system's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, vi } from "vitest";
import type { Message } from "./messages.testing.js";

// Every test starts programs, on machines that may be busy with others.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** `FLOCKDECK_BIN` names another build's launcher. */
export const launcher = process.env.FLOCKDECK_BIN ?? join(root, "bin", "flockdeck.js");

function systemNode(): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder.includes("node_modules")) continue;
    try {
      accessSync(join(folder, name));
      return join(folder, name);
    } catch {
      // not in this folder
    }
  }
  return process.execPath;
}

export const node = systemNode();

let folder: string | undefined;

/** A folder for this test file, removed at its end. */
export function scratch(): string {
  folder ??= mkdtempSync(join(tmpdir(), "flockdeck-contract-"));
  return folder;
}

let files = 0;

/** Writes a file into the scratch folder and tells its path. */
export function file(content: string, name = `flock-${++files}.yaml`): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

export interface Options {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Command {
  readonly child;
  stdout = "";
  stderr = "";
  readonly finished: Promise<Finished>;
  private readonly watchers = new Set<() => void>();
  private ended = false;

  constructor(args: readonly string[], { env, cwd }: Options = {}) {
    this.child = spawn(node, [launcher, ...args], {
      cwd: cwd ?? scratch(),
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, DISPLAY: undefined, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    children.add(this.child);
    this.child.stdin.end();
    this.child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
      this.changed();
    });
    this.child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
      this.changed();
    });
    this.finished = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        children.delete(this.child);
        this.ended = true;
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
        this.changed();
      });
    });
  }

  private changed(): void {
    for (const watch of [...this.watchers]) watch();
  }

  /** The complete lines so far, parsed. */
  messages(): Message[] {
    return parse(this.stdout.slice(0, this.stdout.lastIndexOf("\n") + 1));
  }

  /** Resolves as soon as `ready` gives something; rejects if the program ends without it. */
  until<T>(ready: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        const value = ready();
        if (value !== undefined && value !== false) {
          this.watchers.delete(watch);
          resolve(value);
        } else if (this.ended) {
          this.watchers.delete(watch);
          reject(new Error(`The program ended first.\n${this.stdout}\n${this.stderr}`));
        }
      };
      this.watchers.add(watch);
      watch();
    });
  }
}

export function parse(lines: string): Message[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export function flockdeck(args: readonly string[], options?: Options): Promise<Finished> {
  return new Command(args, options).finished;
}

export interface Told extends Finished {
  readonly messages: readonly Message[];
}

/** `--cli FILE --json`: the messages it tells. */
export async function tell(flock: string, args: readonly string[] = [], options?: Options): Promise<Told> {
  const finished = await flockdeck(["--cli", flock, "--json", ...args], options);
  return { ...finished, messages: parse(finished.stdout) };
}
