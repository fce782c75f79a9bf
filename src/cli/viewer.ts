/** The command line as one more viewer of the relay. */
import type { ServerMessage } from "../protocol/index.js";
import type { Runtime } from "../runtime/index.js";

type Watched = Pick<Runtime, "hub">;
type Sink = Parameters<Watched["hub"]["addViewer"]>[0];

export interface LocalViewer {
  /** Resolves once these ends of workflows (by correlation id, milliseconds since 1970) have been handed over. */
  sawEndOf(endings: ReadonlyMap<string, number>): Promise<void>;
  drained(): void;
  detach(): void;
}

export interface LocalViewerOptions {
  readonly carrier: "terminal" | "ndjson";
  /** Every message, in order. Must not throw. */
  readonly onMessages: (messages: readonly ServerMessage[]) => void;
  /** Bytes handed over and not yet taken; the relay holds this viewer back above 1 MiB. */
  readonly bufferedBytes: () => number;
}

/** Attaches to the hub of this process. */
export function watchLocally({ hub }: Watched, options: LocalViewerOptions): LocalViewer {
  const ended = new Map<string, number>();
  const waiting = new Set<() => void>();
  const sink = {
    encoder: {
      id: `cli-${options.carrier}`,
      mayOmitFullContent: options.carrier === "terminal",
      encode: (messages: readonly ServerMessage[]) => [messages],
    },
    send(messages: readonly ServerMessage[]) {
      options.onMessages(messages);
      for (const message of messages) {
        if (message.type === "workflow_finished") ended.set(message.correlation_id, message.timestamp);
      }
      for (const check of [...waiting]) check();
    },
    get bufferedBytes() {
      return options.bufferedBytes();
    },
    close() {},
  } satisfies Sink;
  const viewer = hub.addViewer(sink, { role: "watch", carrier: options.carrier });
  viewer.receive({ type: "attach" });
  return {
    sawEndOf(endings) {
      const seen = ([id, timestamp]: [string, number]) => (ended.get(id) ?? -1) >= timestamp;
      return new Promise((resolve) => {
        const check = () => {
          if (![...endings].every(seen)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    drained: () => viewer.drained(),
    detach: () => viewer.detach(),
  };
}
