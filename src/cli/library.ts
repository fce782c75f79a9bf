/** `flockdeck/cli`: what a script's flock streams, on the console. */
import { connectHub, type Flock } from "../runtime/service.js";
import { type OutputStream, processIo } from "./io.js";
import { textView } from "./text-view.js";
import { watchLocally } from "./viewer.js";

export interface ConsoleOptions {
  /** Default: standard output. */
  readonly stdout?: OutputStream;
  /** Where TERM and NO_COLOR are looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface FlockConsole {
  /** Waits until the flock is idle and all of it is shown, and leaves the console. */
  finish(): Promise<void>;
  /** Leaves the console as it is, at once. */
  abandon(): void;
}

/**
 * Decides cli mode, as `flock.runScript()` does, and shows what streams: on a terminal live, one stream at a time;
 * elsewhere one block of plain text for each finished stream. Rejects with `conflict` if another mode is decided.
 */
export async function streamToConsole(flock: Flock, options: ConsoleOptions = {}): Promise<FlockConsole> {
  flock.runScript();
  const { stdout = processIo.stdout, env = processIo.env } = options;
  const watched = connectHub(flock, { name: "Script", sample: [] });
  const view = await textView({ stdout, env });
  const endings = new Map<string, number>();
  const stopListening = flock.on((event) => {
    if (event.type === "workflow_finished") endings.set(event.correlationId, event.timestamp);
  });
  const viewer = watchLocally(watched, {
    carrier: view.carrier,
    onMessages: (messages) => view.onMessages(messages),
    bufferedBytes: () => view.bufferedBytes,
  });
  stdout.on("drain", viewer.drained);
  let left = false;
  function leave(): boolean {
    if (left) return false;
    left = true;
    stdout.off("drain", viewer.drained);
    stopListening();
    viewer.detach();
    watched.close();
    return true;
  }
  return {
    async finish() {
      await flock.runUntilIdle();
      if (!left) await viewer.sawEndOf(endings);
      if (leave()) view.finish();
    },
    abandon() {
      if (leave()) view.abandon();
    },
  };
}
