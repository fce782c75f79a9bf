import type { Artifact } from "./artifact.js";
import type { Usage } from "./engine.js";

export type Outcome = "completed" | "failed" | "cancelled";

export interface Fault {
  /** A code of the protocol's error table. */
  readonly code: string;
  readonly message: string;
}

interface RunEvent {
  readonly runId: string;
  readonly agentName: string;
  readonly correlationId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Everything an orchestrator tells the outside. Durations are in seconds, other times in milliseconds since 1970. */
export type FlockEvent =
  | { readonly type: "workflow_started"; readonly correlationId: string; readonly timestamp: number }
  | {
      readonly type: "workflow_finished";
      readonly correlationId: string;
      readonly status: Outcome;
      readonly duration: number;
      readonly timestamp: number;
    }
  | { readonly type: "artifact_published"; readonly artifact: Artifact }
  | (RunEvent & {
      readonly type: "agent_activated";
      readonly consumedTypes: readonly string[];
      readonly consumedArtifacts: readonly string[];
      readonly producedTypes: readonly string[];
    })
  | (RunEvent & {
      readonly type: "agent_completed";
      readonly duration: number;
      readonly artifactsProduced: readonly string[];
      readonly usage?: Usage;
    })
  | (RunEvent & {
      readonly type: "agent_error";
      readonly error: Fault;
      readonly attempt: number;
      /**
       * True while the run goes on after the fault: another attempt, another candidate or group, a hook that counts as
       * absent. A run ends with one `agent_completed`, or with one `agent_error` for which this is false.
       */
      readonly willRetry: boolean;
    })
  | (RunEvent & { readonly type: "agent_waiting"; readonly reason: string; readonly until: number })
  | {
      readonly type: "stream_started";
      readonly streamId: string;
      readonly agentName: string;
      readonly runId: string;
      readonly correlationId: string;
      readonly attempt: number;
      readonly artifactType: string;
      readonly model: string;
      readonly consumedArtifacts: readonly string[];
      readonly startedAt: number;
    }
  /** The hot path: text as the engine produced it, not yet paced. */
  | { readonly type: "stream_text"; readonly streamId: string; readonly text: string }
  | {
      readonly type: "stream_complete";
      readonly streamId: string;
      readonly agentName: string;
      readonly status: Outcome;
      readonly duration: number;
      readonly usage?: Usage;
      readonly error?: Fault;
      readonly timestamp: number;
    };

export type FlockListener = (event: FlockEvent) => void;
