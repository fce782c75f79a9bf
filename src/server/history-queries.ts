import {
  type AgentInfo,
  type ArtifactMessage,
  applyMessages,
  createViewState,
  type StreamComplete,
  type StreamStarted,
} from "../protocol/index.js";
import {
  type Hub,
  runsOf,
  type StreamDetail,
  type StreamSnapshot,
  type WorkflowSnapshot,
  workflowsOf,
} from "../relay/index.js";
import {
  findArtifacts,
  findStreams,
  findWorkflows,
  type Items,
  type RecordedStream,
  type Recording,
} from "../runtime/recordings.js";
import type { HistorySource, ListQuery, Page, ServerQueries, WorkflowDetail } from "./backend.js";
import { decodeCursor, encodeCursor, unknownCursor } from "./page-of.js";
import type { SnapshotQueries } from "./snapshot-queries.js";

/** Answers from what the hub retains and, of what it has let go, from the session's recording. */
export class HistoryQueries implements ServerQueries {
  readonly #hub: Hub;
  readonly #live: SnapshotQueries;
  readonly #history: HistorySource;

  constructor(hub: Hub, live: SnapshotQueries, history: HistorySource) {
    this.#hub = hub;
    this.#live = live;
    this.#history = history;
  }

  agents(query: ListQuery): Promise<Page<AgentInfo>> {
    return this.#live.agents(query);
  }

  artifacts(query: ListQuery): Promise<Page<ArtifactMessage>> {
    return this.#recorded(
      (recording) => {
        const { items, next_cursor } = toPage(
          findArtifacts(recording, query, stretchOf(query)),
          ({ artifact }) => artifact.id,
          query,
        );
        return { items: items.map(({ artifact }) => artifact), next_cursor };
      },
      () => this.#live.artifacts(query),
    );
  }

  async artifact(id: string): Promise<ArtifactMessage | undefined> {
    const live = await this.#live.artifact(id);
    if (live !== undefined) return live;
    return this.#kept<ArtifactMessage | undefined>(
      (recording) => recording.artifact(id)?.artifact,
      async () => undefined,
    );
  }

  streams(query: ListQuery): Promise<Page<StreamSnapshot>> {
    return this.#recorded(
      (recording) => {
        const found = findStreams(recording, query, stretchOf(query));
        const { items, next_cursor } = toPage(found, ({ stream_id }) => stream_id, query);
        return { items: items.map((item) => this.#summary(recording, item)), next_cursor };
      },
      () => this.#live.streams(query),
    );
  }

  async stream(id: string): Promise<StreamDetail | undefined> {
    const live = await this.#live.stream(id);
    if (live !== undefined) return live;
    return this.#kept<StreamDetail | undefined>(
      (recording) => {
        const recorded = recording.stream(id);
        return recorded === undefined ? undefined : detailOf(recorded);
      },
      async () => undefined,
    );
  }

  workflows(query: ListQuery): Promise<Page<WorkflowSnapshot>> {
    return this.#recorded(
      (recording) => {
        const found = findWorkflows(recording, query, stretchOf(query));
        const { items, next_cursor } = toPage(found, ({ correlation_id }) => correlation_id, query);
        const states = items.map(({ correlation_id }) => stateOf(recording, correlation_id));
        return { items: states.flatMap(workflowsOf), next_cursor };
      },
      () => this.#live.workflows(query),
    );
  }

  workflow(correlationId: string): Promise<WorkflowDetail | undefined> {
    return this.#recorded<WorkflowDetail | undefined>(
      (recording) => {
        const state = stateOf(recording, correlationId);
        const [workflow] = workflowsOf(state);
        if (workflow === undefined) return undefined;
        const { artifacts, streams } = state;
        return { ...workflow, runs: runsOf(state), artifacts: [...artifacts.keys()], streams: [...streams.keys()] };
      },
      () => this.#live.workflow(correlationId),
    );
  }

  /** From the recording, once the hub has let something go; from the hub as long as that, or that alone, has all. */
  #recorded<Answer>(
    ask: (recording: Recording) => Answer | Promise<Answer>,
    askHub: () => Promise<Answer>,
  ): Promise<Answer> {
    return this.#history.isRecording ? this.#kept(ask, askHub) : askHub();
  }

  /** What was recorded, also where nothing more is: a single thing that the hub does not have may be in it. */
  async #kept<Answer>(
    ask: (recording: Recording) => Answer | Promise<Answer>,
    askHub: () => Promise<Answer>,
  ): Promise<Answer> {
    const { counters, store } = this.#hub;
    if (counters.streamsEvicted === 0 && store.state.generation === 0) return askHub();
    const recording = await this.#history.read();
    if (recording === null) return askHub();
    try {
      return await ask(recording);
    } finally {
      recording.close();
    }
  }

  #summary(recording: Recording, started: StreamStarted): StreamSnapshot {
    const live = this.#live.summary(started.stream_id);
    return live ?? summaryOf(started, recording.completeOf(started.stream_id));
  }
}

/** One more than the page holds, to see whether there is another. */
function stretchOf({ cursor, limit }: ListQuery): { after: string | undefined; limit: number } {
  return { after: cursor === undefined ? undefined : decodeCursor(cursor), limit: limit + 1 };
}

function toPage<Item>(found: Items<Item>, idOf: (item: Item) => string, { limit }: ListQuery): Page<Item> {
  if (found === null) throw unknownCursor();
  const items = found.slice(0, limit);
  const last = items[items.length - 1];
  const isLast = found.length <= limit || last === undefined;
  return { items, next_cursor: isLast ? null : encodeCursor(idOf(last)) };
}

function stateOf(recording: Recording, correlationId: string) {
  const state = createViewState();
  applyMessages(state, recording.workflow(correlationId));
  return state;
}

function summaryOf(started: StreamStarted, complete: StreamComplete | null): StreamSnapshot {
  const { type: _type, seq: _seq, ...facts } = started;
  return {
    ...facts,
    status: complete?.status ?? "live",
    length: complete?.length ?? 0,
    first_text_at: complete?.first_text_at ?? null,
    ...(complete === null ? {} : { duration: complete.duration }),
    ...(complete?.usage === undefined ? {} : { usage: complete.usage }),
    ...(complete?.error === undefined ? {} : { error: complete.error }),
  };
}

/** All of the text or, where some could not be recorded, what follows the last gap. */
function detailOf({ started, complete, text }: RecordedStream): StreamDetail {
  let offset = 0;
  let content = "";
  for (const piece of text) {
    if (piece.offset !== offset + content.length) {
      offset = piece.offset;
      content = "";
    }
    content += piece.text;
  }
  return { ...summaryOf(started, complete), offset, content };
}
