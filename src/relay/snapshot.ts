/** What the relay knows, as plain data for REST. All of it is bounded by what the relay retains. */
import {
  type ArtifactMessage,
  applyMessages,
  createViewState,
  type Outcome,
  type RunView,
  type StreamComplete,
  type StreamStarted,
  type ViewState,
} from "../protocol/index.js";
import type { Hub } from "./hub.js";
import type { RelayStream } from "./relay-stream.js";

export type StreamSnapshot = Omit<StreamStarted, "type" | "seq"> & {
  readonly status: "live" | Outcome;
  /** Units produced. */
  readonly length: number;
  /** Milliseconds since 1970; null while there is no text. */
  readonly first_text_at: number | null;
} & Partial<Pick<StreamComplete, "duration" | "usage" | "error">>;

/** `content` is the retained text; it begins at `offset`. */
export type StreamDetail = StreamSnapshot & { readonly offset: number; readonly content: string };

export interface WorkflowSnapshot {
  readonly correlation_id: string;
  readonly status: "running" | Outcome;
  readonly started_at: number;
  readonly duration?: number;
}

export interface RunSnapshot {
  readonly run_id: string;
  readonly agent_name: string;
  readonly correlation_id: string;
  readonly status: RunView["status"];
  readonly started_at: number;
  readonly consumed_artifacts: readonly string[];
  readonly artifacts_produced: readonly string[];
  readonly stream_ids: readonly string[];
  readonly duration?: number;
}

export interface ViewerSnapshot {
  readonly id: string;
  readonly role: "watch" | "control";
  readonly carrier: string;
  readonly address: string;
  readonly connected_at: number;
  /** Units produced in the streams that it follows and not yet sent to it. */
  readonly lag_chars: number;
}

/** Reads a hub. What happened since the last call is added; all is put together again only when the hub let go of some. */
export class HubSnapshot {
  readonly #hub: Hub;
  #state: ViewState = createViewState();
  #generation = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** In the order in which they started. */
  streams(): StreamSnapshot[] {
    return [...this.#hub.store.streams.values()].map(summary);
  }

  streamSummary(id: string): StreamSnapshot | null {
    const stream = this.#hub.store.streams.get(id);
    return stream === undefined ? null : summary(stream);
  }

  stream(id: string): StreamDetail | null {
    const stream = this.#hub.store.streams.get(id);
    if (stream === undefined) return null;
    return { ...summary(stream), offset: stream.log.start, content: stream.log.read() };
  }

  workflows(): WorkflowSnapshot[] {
    return workflowsOf(this.#current());
  }

  runs(): RunSnapshot[] {
    return runsOf(this.#current());
  }

  artifacts(): ArtifactMessage[] {
    return [...this.#current().artifacts.values()].map((view) => view.artifact);
  }

  artifact(id: string): ArtifactMessage | null {
    return this.#current().artifacts.get(id)?.artifact ?? null;
  }

  viewers(): ViewerSnapshot[] {
    return this.#hub.viewers.map((viewer) => ({
      id: viewer.id,
      role: viewer.role,
      carrier: viewer.carrier,
      address: viewer.address,
      connected_at: viewer.connectedAt,
      lag_chars: viewer.lagChars,
    }));
  }

  #current(): ViewState {
    const { state } = this.#hub.store;
    if (this.#generation !== state.generation) this.#state = createViewState();
    this.#generation = state.generation;
    applyMessages(this.#state, state.eventsAfter(this.#state.lastSeq));
    return this.#state;
  }
}

/** In the order in which they started. */
export function workflowsOf(state: ViewState): WorkflowSnapshot[] {
  return [...state.workflows.values()].map((workflow) => ({
    correlation_id: workflow.id,
    status: workflow.status,
    started_at: workflow.startedAt,
    ...(workflow.duration === null ? {} : { duration: workflow.duration }),
  }));
}

/** In the order in which they were activated. */
export function runsOf(state: ViewState): RunSnapshot[] {
  return [...state.runs.values()].map((run) => ({
    run_id: run.id,
    agent_name: run.activated.agent_name,
    correlation_id: run.activated.correlation_id,
    status: run.status,
    started_at: run.activated.timestamp,
    consumed_artifacts: run.activated.consumed_artifacts,
    artifacts_produced: run.artifactsProduced,
    stream_ids: run.streamIds,
    ...(run.duration === null ? {} : { duration: run.duration }),
  }));
}

function summary(stream: RelayStream): StreamSnapshot {
  const { type: _type, seq: _seq, ...started } = stream.started;
  const { complete } = stream;
  return {
    ...started,
    status: complete?.status ?? "live",
    length: stream.log.length,
    first_text_at: stream.firstTextAt,
    ...(complete === null ? {} : { duration: complete.duration }),
    ...(complete?.usage === undefined ? {} : { usage: complete.usage }),
    ...(complete?.error === undefined ? {} : { error: complete.error }),
  };
}
