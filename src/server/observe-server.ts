import type { ServerMessage } from "../protocol/index.js";
import { HubSnapshot } from "../relay/index.js";
import type { ServerBackend, ServerQueries } from "./backend.js";
import { HistoryQueries } from "./history-queries.js";
import { observeHub } from "./hub-observer.js";
import { CARRIERS, ServerMetrics } from "./metrics.js";
import { SnapshotQueries } from "./snapshot-queries.js";
import type { ViewerRegistry } from "./viewer-registry.js";

const RUN_STATES = ["running", "waiting", "completed", "failed", "cancelled"];

export interface Observation {
  readonly metrics: ServerMetrics;
  readonly queries: ServerQueries;
  stop(): void;
}

function countOf(values: readonly string[], keys: readonly string[]): Map<string, number> {
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** What the server knows beside its viewers: figures, and answers. */
export function observeServer(backend: ServerBackend, registry: ViewerRegistry): Observation {
  const { hub } = backend;
  const snapshot = new HubSnapshot(hub);
  const metrics = new ServerMetrics({
    viewers: () =>
      countOf(
        registry.list().map((viewer) => viewer.carrier),
        CARRIERS,
      ),
    liveStreams: () => hub.store.live.size,
    producedUnits: () => hub.counters.unitsAppended,
    runs: () =>
      countOf(
        snapshot.runs().map((run) => run.status),
        RUN_STATES,
      ),
  });
  function countTokens(message: ServerMessage): void {
    if (message.type !== "stream_complete" || !message.usage) return;
    const model = hub.store.streams.get(message.stream_id)?.started.model ?? "unknown";
    metrics.tokens(model, "input", message.usage.input_tokens ?? 0);
    metrics.tokens(model, "output", message.usage.output_tokens ?? 0);
  }
  const stopObserving = observeHub(hub, countTokens);
  const stopLag = backend.lag?.subscribe((lagMs) => metrics.lag(lagMs));
  return {
    metrics,
    queries: queriesOf(backend, new SnapshotQueries(snapshot, () => backend.agents)),
    stop() {
      stopObserving();
      stopLag?.();
    },
  };
}

function queriesOf({ hub, history }: ServerBackend, live: SnapshotQueries): ServerQueries {
  return history === undefined ? live : new HistoryQueries(hub, live, history);
}
