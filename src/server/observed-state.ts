import type { AgentInfo, ArtifactMessage, Outcome, ServerMessage } from "../protocol/index.js";
import type { RunInfo, StreamInfo, WorkflowDetail, WorkflowInfo } from "./backend.js";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Kept of each kind; above it the oldest ones leave. */
export const MOST_KEPT = 20_000;

interface Workflow extends Mutable<WorkflowInfo> {
  readonly runs: Set<string>;
  readonly artifacts: Set<string>;
  readonly streams: Set<string>;
}

/** A map that forgets its oldest entry above a bound. */
class Kept<Value> extends Map<string, Value> {
  override set(key: string, value: Value): this {
    super.set(key, value);
    if (this.size > MOST_KEPT) {
      const oldest = this.keys().next();
      if (!oldest.done) this.delete(oldest.value);
    }
    return this;
  }
}

/** What happened, put together from the messages that every viewer gets; without the streams' text. */
export class ObservedState {
  readonly artifacts = new Kept<ArtifactMessage>();
  readonly streams = new Kept<Mutable<StreamInfo>>();
  readonly runs = new Kept<Mutable<RunInfo>>();
  readonly workflows = new Kept<Workflow>();
  agents: readonly AgentInfo[] = [];

  /** Messages that were applied before, as a replay repeats them, change nothing. */
  apply(message: ServerMessage): void {
    switch (message.type) {
      case "hello":
        this.agents = message.agents;
        return;
      case "workflow_started":
        this.#workflow(message.correlation_id, message.timestamp);
        return;
      case "workflow_finished": {
        const workflow = this.#workflow(message.correlation_id, message.timestamp - message.duration * 1000);
        workflow.status = message.status;
        workflow.duration = message.duration;
        for (const id of workflow.runs) this.#endRun(id, message.status);
        return;
      }
      case "artifact_published": {
        const { artifact } = message;
        if (this.artifacts.has(artifact.id)) return;
        this.artifacts.set(artifact.id, artifact);
        this.#workflow(artifact.correlation_id, artifact.created_at).artifacts.add(artifact.id);
        return;
      }
      case "agent_activated":
      case "agent_completed":
      case "agent_error":
      case "agent_waiting":
        this.#applyRun(message);
        return;
      case "stream_started": {
        if (this.streams.has(message.stream_id)) return;
        const { type: _type, seq: _seq, ...fields } = message;
        this.streams.set(message.stream_id, { ...fields, status: "live", length: 0 });
        this.#workflow(message.correlation_id, message.started_at).streams.add(message.stream_id);
        return;
      }
      case "stream_chunk":
        this.#grow(message.stream_id, message.offset + message.chunk.length);
        return;
      case "stream_reset":
        this.#grow(message.stream_id, message.offset + message.content.length);
        return;
      case "stream_progress":
        this.#grow(message.stream_id, message.length);
        return;
      case "stream_complete": {
        const stream = this.streams.get(message.stream_id);
        if (!stream) return;
        stream.status = message.status;
        stream.length = message.length;
        stream.duration = message.duration;
        stream.usage = message.usage;
        stream.error = message.error;
        if (message.status === "cancelled") this.#endRun(stream.run_id, "cancelled");
        return;
      }
      default:
        return;
    }
  }

  workflow(correlationId: string): WorkflowDetail | undefined {
    const workflow = this.workflows.get(correlationId);
    if (!workflow) return undefined;
    return {
      ...workflow,
      runs: [...workflow.runs].flatMap((id) => this.runs.get(id) ?? []),
      artifacts: [...workflow.artifacts],
      streams: [...workflow.streams],
    };
  }

  /** For a run that no event of its own ended. */
  #endRun(runId: string, outcome: Outcome): void {
    const run = this.runs.get(runId);
    if (run?.state === "running" || run?.state === "waiting") run.state = outcome;
  }

  #grow(streamId: string, length: number): void {
    const stream = this.streams.get(streamId);
    if (stream) stream.length = Math.max(stream.length, length);
  }

  #workflow(correlationId: string, startedAt: number): Workflow {
    const known = this.workflows.get(correlationId);
    if (known) return known;
    const workflow: Workflow = {
      correlation_id: correlationId,
      status: "running",
      started_at: startedAt,
      runs: new Set(),
      artifacts: new Set(),
      streams: new Set(),
    };
    this.workflows.set(correlationId, workflow);
    return workflow;
  }

  #applyRun(
    message: Extract<ServerMessage, { type: "agent_activated" | "agent_completed" | "agent_error" | "agent_waiting" }>,
  ): void {
    const run = this.runs.get(message.run_id) ?? {
      run_id: message.run_id,
      agent_name: message.agent_name,
      state: "running",
      started_at: message.timestamp,
      consumed_artifacts: [],
      artifacts_produced: [],
    };
    if (!this.runs.has(message.run_id)) {
      this.runs.set(message.run_id, run);
      this.#workflow(message.correlation_id, message.timestamp).runs.add(message.run_id);
    }
    if (message.type === "agent_activated") {
      run.started_at = message.timestamp;
      run.consumed_artifacts = message.consumed_artifacts;
    } else if (message.type === "agent_completed") {
      run.state = "completed";
      run.duration = message.duration;
      run.artifacts_produced = message.artifacts_produced;
      run.usage = message.usage;
    } else if (message.type === "agent_waiting") {
      run.state = "waiting";
    } else {
      run.state = message.will_retry ? "running" : outcomeOf(message.error.code);
      run.error = message.error;
    }
  }
}

function outcomeOf(code: string): Outcome {
  return code === "cancelled" ? "cancelled" : "failed";
}
