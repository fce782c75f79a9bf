/** Why a tile is here and what it is for: the artifacts that set it off, and the agents that its output goes to. */
import type { AgentInfo } from "../../protocol/messages.js";
import type { ArtifactView, StreamView, ViewState } from "../../protocol/view-state.js";

export interface TypeCount {
  readonly type: string;
  readonly count: number;
}

export function countTypes(types: Iterable<string>): readonly TypeCount[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count }));
}

export function consumedArtifacts(view: ViewState, stream: StreamView): readonly ArtifactView[] {
  return stream.started.consumed_artifacts.flatMap((id) => view.artifacts.get(id) ?? []);
}

/** The stream that wrote an artifact, where one did. */
export function streamThatProduced(view: ViewState, artifactId: string): StreamView | undefined {
  for (const run of view.runs.values()) {
    if (!run.artifactsProduced.includes(artifactId)) continue;
    return run.streamIds.map((id) => view.streams.get(id)).findLast((stream) => stream?.status === "completed");
  }
  return undefined;
}

/** What this stream's run has published so far. Runs tell it when they end; until then the producer and type have to do. */
export function producedArtifacts(view: ViewState, stream: StreamView): readonly ArtifactView[] {
  const run = view.runs.get(stream.started.run_id);
  return (run?.artifactsProduced ?? []).flatMap((id) => view.artifacts.get(id) ?? []);
}

export function consumersOf(agents: readonly AgentInfo[], type: string): readonly AgentInfo[] {
  return agents.filter((agent) => agent.consumes.includes(type));
}

/** Streams of this workflow that took one of the artifacts. */
export function streamsFedBy(view: ViewState, artifactIds: readonly string[]): readonly StreamView[] {
  const ids = new Set(artifactIds);
  return [...view.streams.values()].filter((stream) => stream.started.consumed_artifacts.some((id) => ids.has(id)));
}
