/** Core's events, as the protocol tells them. Text goes straight to the stream's log. */
import type { Artifact, FlockEvent, Usage, Visibility } from "../core/index.js";
import type { ArtifactMessage, Usage as UsageMessage } from "../protocol/index.js";
import type { HubEvent } from "../relay/types.js";

/** Where the bridge puts what it translates: the hub. */
export interface EventOutlet {
  emit(event: HubEvent): void;
  append(streamId: string, text: string): void;
}

export function bridgeEvent(event: FlockEvent, outlet: EventOutlet): void {
  if (event.type === "stream_text") outlet.append(event.streamId, event.text);
  else outlet.emit(toHubEvent(event));
}

export function toHubEvent(event: Exclude<FlockEvent, { type: "stream_text" }>): HubEvent {
  switch (event.type) {
    case "workflow_started":
      return { type: event.type, correlation_id: event.correlationId, timestamp: event.timestamp };
    case "workflow_finished":
      return {
        type: event.type,
        correlation_id: event.correlationId,
        status: event.status,
        duration: event.duration,
        timestamp: event.timestamp,
      };
    case "artifact_published":
      return { type: event.type, artifact: toArtifactMessage(event.artifact) };
    case "agent_activated":
      return {
        type: event.type,
        ...runFields(event),
        consumed_types: [...event.consumedTypes],
        consumed_artifacts: [...event.consumedArtifacts],
        produced_types: [...event.producedTypes],
      };
    case "agent_completed":
      return {
        type: event.type,
        ...runFields(event),
        duration: event.duration,
        artifacts_produced: [...event.artifactsProduced],
        ...usageField(event.usage),
      };
    case "agent_error":
      return {
        type: event.type,
        ...runFields(event),
        error: { code: event.error.code, message: event.error.message },
        attempt: event.attempt,
        will_retry: event.willRetry,
      };
    case "agent_waiting":
      return { type: event.type, ...runFields(event), reason: event.reason, until: event.until };
    case "stream_started":
      return {
        type: event.type,
        stream_id: event.streamId,
        agent_name: event.agentName,
        run_id: event.runId,
        correlation_id: event.correlationId,
        attempt: event.attempt,
        artifact_type: event.artifactType,
        model: event.model,
        consumed_artifacts: [...event.consumedArtifacts],
        started_at: event.startedAt,
      };
    case "stream_complete":
      return {
        type: event.type,
        stream_id: event.streamId,
        agent_name: event.agentName,
        status: event.status,
        duration: event.duration,
        ...usageField(event.usage),
        ...(event.error === undefined ? {} : { error: { code: event.error.code, message: event.error.message } }),
        timestamp: event.timestamp,
      };
  }
}

export function toArtifactMessage(artifact: Artifact): ArtifactMessage {
  return {
    id: artifact.id,
    type: artifact.type,
    payload: artifact.payload,
    produced_by: artifact.producedBy,
    correlation_id: artifact.correlationId,
    tags: [...artifact.tags],
    visibility: toVisibilityMessage(artifact.visibility),
    version: artifact.version,
    created_at: artifact.createdAt,
  };
}

/** `public` travels as a word, everything else as an object with its `kind`. */
function toVisibilityMessage(visibility: Visibility): ArtifactMessage["visibility"] {
  return visibility.kind === "public" ? "public" : { ...visibility };
}

function runFields(event: { runId: string; agentName: string; correlationId: string; timestamp: number }) {
  return {
    run_id: event.runId,
    agent_name: event.agentName,
    correlation_id: event.correlationId,
    timestamp: event.timestamp,
  };
}

function usageField(usage: Usage | undefined): { usage?: UsageMessage } {
  if (usage === undefined) return {};
  return {
    usage: {
      ...(usage.inputTokens === undefined ? {} : { input_tokens: usage.inputTokens }),
      ...(usage.outputTokens === undefined ? {} : { output_tokens: usage.outputTokens }),
      ...(usage.totalTokens === undefined ? {} : { total_tokens: usage.totalTokens }),
      ...(usage.estimated === undefined ? {} : { estimated: usage.estimated }),
    },
  };
}
