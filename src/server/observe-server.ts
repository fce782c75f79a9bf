import type { ServerMessage } from "../protocol/index.js";
import type { ServerBackend, ServerQueries } from "./backend.js";
import { observeHub } from "./hub-observer.js";
import { ServerMetrics } from "./metrics.js";
import { ObservedQueries } from "./observed-queries.js";
import { ObservedState } from "./observed-state.js";
import type { ViewerRegistry } from "./viewer-registry.js";

const RUN_STATES = ["running", "waiting", "completed", "failed", "cancelled"] as const;

export interface Observation {
  readonly metrics: ServerMetrics;
  readonly queries: ServerQueries;
  stop(): void;
}

function countBy<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  keys: readonly string[],
): Map<string, number> {
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** What the server knows beside its viewers: figures, and answers where the backend has no queries of its own. */
export function observeServer(backend: ServerBackend, registry: ViewerRegistry): Observation {
  const { hub } = backend;
  const state = new ObservedState();
  const metrics = new ServerMetrics({
    viewers: () => countBy(registry.list(), (viewer) => viewer.carrier, ["websocket", "sse"]),
    liveStreams: () => hub.store.live.size,
    producedUnits: () => hub.counters.unitsAppended,
    runs: () => countBy(state.runs.values(), (run) => run.state, RUN_STATES),
  });
  function countTokens(message: ServerMessage): void {
    if (message.type !== "stream_complete" || !message.usage) return;
    const stream = state.streams.get(message.stream_id);
    if (stream?.status !== "live") return;
    metrics.tokens(stream.model, "input", message.usage.input_tokens ?? 0);
    metrics.tokens(stream.model, "output", message.usage.output_tokens ?? 0);
  }
  const stopObserving = observeHub(hub, (message) => {
    countTokens(message);
    state.apply(message);
  });
  const stopLag = backend.lag?.subscribe((lagMs) => metrics.lag(lagMs));
  const queries =
    backend.queries ??
    new ObservedQueries(state, (id) => {
      const log = hub.store.streams.get(id)?.log;
      return log && { offset: log.start, content: log.read() };
    });
  return {
    metrics,
    queries,
    stop() {
      stopObserving();
      stopLag?.();
    },
  };
}
