/** What may end a run before its time. */
import type { Io } from "./io.js";

export type Ending =
  /** Ctrl-C, SIGTERM or a hang-up. */
  | "interrupted"
  /** Nobody reads the output any more. */
  | "gone"
  | "timeout";

export interface Interrupts {
  /** Resolves with the first of them; never if there is none. */
  readonly first: Promise<Ending>;
  /** What came first so far. */
  readonly ending: Ending | undefined;
  release(): void;
}

export interface InterruptOptions {
  /** Seconds. */
  readonly timeout?: number | undefined;
  /** A second Ctrl-C or SIGTERM. */
  readonly onAgain: () => void;
}

export function watchInterrupts(io: Io, options: InterruptOptions): Interrupts {
  let ending: Ending | undefined;
  let resolve: (ending: Ending) => void = () => {};
  const first = new Promise<Ending>((done) => {
    resolve = done;
  });
  const end = (how: Ending) => {
    if (ending === undefined) {
      ending = how;
      resolve(how);
    } else if (how === "interrupted" && ending !== "timeout") options.onAgain();
    else if (how === "interrupted") ending = "interrupted";
    else if (how === "gone") ending = "gone";
  };
  const gone = () => end("gone");
  const release = [
    io.onSignal("SIGINT", () => end("interrupted")),
    io.onSignal("SIGTERM", () => end("interrupted")),
    // A terminal that goes away may tell so more than once: that is nobody's second Ctrl-C.
    io.onSignal("SIGHUP", () => {
      if (ending === undefined) end("interrupted");
    }),
  ];
  io.stdout.on("error", gone);
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => end("timeout"), Math.min(options.timeout * 1000, 2 ** 31 - 1));
  return {
    first,
    get ending() {
      return ending;
    },
    release() {
      clearTimeout(timer);
      for (const off of release) off();
    },
  };
}
