/** What a command may touch of its process. The defaults are the process itself; tests give their own. */
import type { WriteStream } from "node:tty";
import { startedByNohup } from "./nohup.js";

export type OutputStream = NodeJS.WritableStream & {
  readonly writableLength: number;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export interface Io {
  readonly stdout: OutputStream | WriteStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back at each of these signals until released; at no hang-up where the process is to outlive its terminal. */
  onSignal(signal: NodeJS.Signals, listener: () => void): () => void;
  /** Leaves at once, without waiting for anything. */
  exit(code: number): never;
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal(signal, listener) {
    const heard = signal === "SIGHUP" && startedByNohup(process.env) ? () => {} : listener;
    process.on(signal, heard);
    return () => process.off(signal, heard);
  },
  exit: (code) => process.exit(code),
};

export const ExitCode = {
  /** All workflows completed. */
  OK: 0,
  /** A workflow failed or timed out. */
  FAILED: 1,
  /** Wrong usage, or an invalid flock file. */
  USAGE: 2,
  INTERRUPTED: 130,
} as const;
