import type { AgentInfo, ArtifactMessage } from "../protocol/index.js";
import type { HubSnapshot, StreamDetail, StreamSnapshot, WorkflowSnapshot } from "../relay/index.js";
import type { ListQuery, Page, ServerQueries, WorkflowDetail } from "./backend.js";
import { isInRange, pageOf } from "./page-of.js";

function isWanted(wanted: string | undefined, value: string): boolean {
  return wanted === undefined || wanted === value;
}

/** What of the query concerns the artifact itself, not when and in which workflow it came. */
function describes(query: ListQuery, artifact: ArtifactMessage): boolean {
  return (
    isWanted(query.type, artifact.type) &&
    isWanted(query.produced_by, artifact.produced_by) &&
    (query.tag === undefined || artifact.tags.includes(query.tag))
  );
}

/** Answers from what the hub retains: enough where no store keeps more. */
export class SnapshotQueries implements ServerQueries {
  readonly #snapshot: HubSnapshot;
  readonly #agents: () => readonly AgentInfo[];

  /** @param agents asked anew each time: a flock made in code may get further ones */
  constructor(snapshot: HubSnapshot, agents: () => readonly AgentInfo[]) {
    this.#snapshot = snapshot;
    this.#agents = agents;
  }

  /** What tells of a time or a workflow asks for agents with a run there. */
  async agents(query: ListQuery): Promise<Page<AgentInfo>> {
    const { type, correlation_id, tag, from, to } = query;
    const isAboutRuns = [correlation_id, tag, from, to].some((filter) => filter !== undefined);
    const tagged = this.#taggedWorkflows(tag);
    const ran = new Set<string>();
    for (const run of isAboutRuns ? this.#snapshot.runs() : []) {
      if (!isWanted(correlation_id, run.correlation_id) || !isInRange(run.started_at, query)) continue;
      if (tagged === null || tagged.has(run.correlation_id)) ran.add(run.agent_name);
    }
    return pageOf(
      this.#agents(),
      (agent) => agent.name,
      (agent) =>
        (type === undefined || agent.consumes.includes(type) || agent.publishes.includes(type)) &&
        isWanted(query.produced_by, agent.name) &&
        (!isAboutRuns || ran.has(agent.name)),
      query,
    );
  }

  async artifacts(query: ListQuery): Promise<Page<ArtifactMessage>> {
    return pageOf(
      this.#snapshot.artifacts(),
      (artifact) => artifact.id,
      (artifact) =>
        describes(query, artifact) &&
        isWanted(query.correlation_id, artifact.correlation_id) &&
        isInRange(artifact.created_at, query),
      query,
    );
  }

  async artifact(id: string): Promise<ArtifactMessage | undefined> {
    return this.#snapshot.artifact(id) ?? undefined;
  }

  async streams(query: ListQuery): Promise<Page<StreamSnapshot>> {
    const tagged = this.#taggedWorkflows(query.tag);
    return pageOf(
      this.#snapshot.streams(),
      (stream) => stream.stream_id,
      (stream) =>
        isWanted(query.type, stream.artifact_type) &&
        isWanted(query.produced_by, stream.agent_name) &&
        isWanted(query.correlation_id, stream.correlation_id) &&
        (tagged === null || tagged.has(stream.correlation_id)) &&
        isInRange(stream.started_at, query),
      query,
    );
  }

  async stream(id: string): Promise<StreamDetail | undefined> {
    return this.#snapshot.stream(id) ?? undefined;
  }

  summary(id: string): StreamSnapshot | undefined {
    return this.#snapshot.streamSummary(id) ?? undefined;
  }

  /** Those that have an artifact that the query describes. */
  async workflows(query: ListQuery): Promise<Page<WorkflowSnapshot>> {
    const isAboutArtifacts = query.type !== undefined || query.produced_by !== undefined || query.tag !== undefined;
    const holding = new Set<string>();
    for (const artifact of isAboutArtifacts ? this.#snapshot.artifacts() : []) {
      if (describes(query, artifact)) holding.add(artifact.correlation_id);
    }
    return pageOf(
      this.#snapshot.workflows(),
      (workflow) => workflow.correlation_id,
      (workflow) =>
        isWanted(query.correlation_id, workflow.correlation_id) &&
        isInRange(workflow.started_at, query) &&
        (!isAboutArtifacts || holding.has(workflow.correlation_id)),
      query,
    );
  }

  /** The workflows that hold an artifact with the tag; null where none is asked for. */
  #taggedWorkflows(tag: string | undefined): ReadonlySet<string> | null {
    if (tag === undefined) return null;
    const tagged = this.#snapshot.artifacts().filter((artifact) => artifact.tags.includes(tag));
    return new Set(tagged.map((artifact) => artifact.correlation_id));
  }

  async workflow(correlationId: string): Promise<WorkflowDetail | undefined> {
    const isPart = (part: { readonly correlation_id: string }) => part.correlation_id === correlationId;
    const workflow = this.#snapshot.workflows().find(isPart);
    if (!workflow) return undefined;
    return {
      ...workflow,
      runs: this.#snapshot.runs().filter(isPart),
      artifacts: this.#snapshot
        .artifacts()
        .filter(isPart)
        .map((artifact) => artifact.id),
      streams: this.#snapshot
        .streams()
        .filter(isPart)
        .map((stream) => stream.stream_id),
    };
  }
}
