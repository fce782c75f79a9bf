import type { ArtifactMessage } from "../protocol/index.js";
import type {
  ListQuery,
  Page,
  ServerQueries,
  StreamDetail,
  StreamInfo,
  WorkflowDetail,
  WorkflowInfo,
} from "./backend.js";
import type { ObservedState } from "./observed-state.js";
import { isInRange, pageOf } from "./page-of.js";

export type StreamTextSource = (streamId: string) => { readonly offset: number; readonly content: string } | undefined;

function artifactMatches(artifact: ArtifactMessage, query: ListQuery): boolean {
  return (
    (query.type === undefined || artifact.type === query.type) &&
    (query.produced_by === undefined || artifact.produced_by === query.produced_by) &&
    (query.tag === undefined || artifact.tags.includes(query.tag))
  );
}

/** Answers from what the server saw of the hub's events: enough where no store keeps more. */
export class ObservedQueries implements ServerQueries {
  readonly #state: ObservedState;
  readonly #textOf: StreamTextSource;

  constructor(state: ObservedState, textOf: StreamTextSource) {
    this.#state = state;
    this.#textOf = textOf;
  }

  async artifacts(query: ListQuery): Promise<Page<ArtifactMessage>> {
    return pageOf(
      this.#state.artifacts.values(),
      (artifact) => artifact.id,
      (artifact) =>
        artifactMatches(artifact, query) &&
        (query.correlation_id === undefined || artifact.correlation_id === query.correlation_id) &&
        isInRange(artifact.created_at, query),
      query,
    );
  }

  async artifact(id: string): Promise<ArtifactMessage | undefined> {
    return this.#state.artifacts.get(id);
  }

  async streams(query: ListQuery): Promise<Page<StreamInfo>> {
    return pageOf(
      this.#state.streams.values(),
      (stream) => stream.stream_id,
      (stream) =>
        (query.type === undefined || stream.artifact_type === query.type) &&
        (query.produced_by === undefined || stream.agent_name === query.produced_by) &&
        (query.correlation_id === undefined || stream.correlation_id === query.correlation_id) &&
        isInRange(stream.started_at, query),
      query,
    );
  }

  async stream(id: string): Promise<StreamDetail | undefined> {
    const stream = this.#state.streams.get(id);
    if (!stream) return undefined;
    const text = this.#textOf(id) ?? { offset: stream.length, content: "" };
    return { ...stream, length: Math.max(stream.length, text.offset + text.content.length), ...text };
  }

  async workflows(query: ListQuery): Promise<Page<WorkflowInfo>> {
    const asksForArtifact = query.type !== undefined || query.produced_by !== undefined || query.tag !== undefined;
    const page = pageOf(
      this.#state.workflows.values(),
      (workflow) => workflow.correlation_id,
      (workflow) =>
        (query.correlation_id === undefined || workflow.correlation_id === query.correlation_id) &&
        isInRange(workflow.started_at, query) &&
        (!asksForArtifact ||
          [...workflow.artifacts].some((id) => {
            const artifact = this.#state.artifacts.get(id);
            return artifact !== undefined && artifactMatches(artifact, query);
          })),
      query,
    );
    return {
      items: page.items.map(({ correlation_id, status, started_at, duration }) => ({
        correlation_id,
        status,
        started_at,
        duration,
      })),
      next_cursor: page.next_cursor,
    };
  }

  async workflow(correlationId: string): Promise<WorkflowDetail | undefined> {
    return this.#state.workflow(correlationId);
  }
}
