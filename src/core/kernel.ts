import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import type { Blackboard } from "./blackboard.js";
import type { Cancellation } from "./cancellation.js";
import type { Clock } from "./clock.js";
import type { FlockComponent } from "./component.js";
import type { Context } from "./context.js";
import type { Emitter } from "./emitter.js";
import type { Engine, OutputDraft } from "./engine.js";
import type { FlockError } from "./errors.js";
import type { MaybePromise } from "./hooks.js";
import type { OutputGroup } from "./output-group.js";
import type { ProviderGate } from "./provider-gate.js";
import type { Registry } from "./registry.js";
import type { Run } from "./run.js";
import type { StreamDesk } from "./stream-desk.js";
import type { WorkflowBook } from "./workflow-book.js";

/** What the parts of one flock share. */
export interface Kernel {
  readonly clock: Clock;
  readonly ids: () => string;
  readonly emitter: Emitter;
  readonly board: Blackboard;
  readonly streams: StreamDesk;
  readonly workflows: WorkflowBook;
  readonly providers: ProviderGate;
  /** Engine calls under way, by stream id. */
  readonly calls: Registry<Cancellation>;
  readonly runs: Registry<Run>;
  /** In the order in which they are asked. */
  readonly components: readonly FlockComponent[];
  readonly console: boolean;
  readonly context: Context;
  typeOf(name: string): ArtifactType | undefined;
  /** Throws `unknown_model`, `missing_key`. */
  enginesOf(agent: Agent): readonly Engine[];
  /** Puts a checked output on the board and sets off what listens to it; undefined if a component withdrew it. */
  publishOutput(run: Run, group: OutputGroup, draft: OutputDraft): MaybePromise<Artifact | undefined>;
  /** Tells that a hook of a component threw. */
  componentFailed(component: FlockComponent, thrown: unknown, agentName: string, correlationId: string): void;
  /** Tells a fault as data. `run` is absent for faults outside of any run. */
  tell(fault: {
    readonly error: FlockError;
    readonly agentName: string;
    readonly correlationId: string;
    readonly runId?: string;
    readonly attempt?: number;
    readonly willRetry?: boolean;
  }): void;
}
