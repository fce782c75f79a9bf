/** Output that cannot be written. */
import type { Io, OutputStream } from "./io.js";

/** The reader has what it wanted and closed its end. */
const READER_GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left",
  EDQUOT: "the quota is used up",
  EFBIG: "the file is too large",
  EIO: "the device fails",
};

/** Keeps a broken standard output from ending the process, and tells a fault that is more than a reader's leaving. */
export class OutputFaults {
  #isBroken = false;

  constructor({ stdout, stderr }: Pick<Io, "stdout" | "stderr">) {
    throwNothing(stdout);
    stderr.on("error", () => {});
    stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#isBroken || isReaderGone(stdout, error)) return;
      this.#isBroken = true;
      const reason = REASONS[error.code ?? ""] ?? error.message;
      stderr.write(`flockdeck: The output cannot be written: ${reason}.\n`);
    });
  }

  /** Whether output was lost that somebody waits for. Errors of what has been written until now are told before. */
  async isBroken(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#isBroken;
  }
}

/** In the fallback runtime's Node 18 a file's stream throws what it cannot write, in the midst of whoever writes. */
function throwNothing(stdout: OutputStream): void {
  const { write } = stdout;
  stdout.write = (...args: unknown[]): boolean => {
    try {
      return Reflect.apply(write, stdout, args);
    } catch (error) {
      stdout.emit("error", error);
      return false;
    }
  };
}

/** A terminal that goes away answers with EIO. */
function isReaderGone(stdout: OutputStream, error: NodeJS.ErrnoException): boolean {
  return READER_GONE.has(error.code) || (error.code === "EIO" && stdout.isTTY === true);
}
