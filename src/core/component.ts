import type { AgentInfo } from "./agent.js";
import type { Artifact } from "./artifact.js";
import type { Context } from "./context.js";
import type { EvalInputs, EvalResult } from "./engine.js";
import type { FlockError } from "./errors.js";
import type { Subscription } from "./subscription.js";
import type { WorkflowInfo } from "./workflow.js";

/** What the hook may change; undefined changes nothing. */
type Change<Result> = Result | undefined | Promise<Result | undefined>;

/** What the hook returns does not matter; a promise is waited for. */
type Effect = unknown;

interface ComponentBase {
  readonly name: string;
  /** Lower first; default 0. Equal ones keep the order in which they were given. */
  readonly priority?: number;
}

/** The context of an agent's hooks. */
export interface AgentContext extends Context {
  readonly runId: string;
  readonly signal: AbortSignal;
}

/**
 * Steps into the runs of one agent. A hook that returns nothing changes nothing; one that throws counts as absent and
 * is told as `agent_error` with `component_error`.
 */
export interface AgentComponent extends ComponentBase {
  initialize?(agent: AgentInfo, context: AgentContext): Effect;
  /** May replace what the run consumes. */
  preConsume?(agent: AgentInfo, context: AgentContext, artifacts: readonly Artifact[]): Change<readonly Artifact[]>;
  /** Before each engine call. */
  preEvaluate?(agent: AgentInfo, context: AgentContext, inputs: EvalInputs): Change<EvalInputs>;
  /** After each engine call, before the output is checked. */
  postEvaluate?(agent: AgentInfo, context: AgentContext, inputs: EvalInputs, result: EvalResult): Change<EvalResult>;
  postPublish?(agent: AgentInfo, context: AgentContext, artifact: Artifact): Effect;
  error?(agent: AgentInfo, context: AgentContext, error: FlockError): Effect;
  /** Always runs, last. */
  terminate?(agent: AgentInfo, context: AgentContext): Effect;
}

/** `defer` asks again when the other work of the workflow is done; if nothing has run since, it counts as `skip`. */
export type ScheduleDecision = "continue" | "skip" | "defer";

/** What a component collected in place of the gate. */
export interface Collection {
  readonly artifacts: readonly Artifact[];
  /** False: keep waiting. */
  readonly complete: boolean;
}

/** Steps into the orchestrator. The same rules as for an agent's hooks. */
export interface FlockComponent extends ComponentBase {
  /** The first publication, run or schedule waits for it: do not wait in it for what it publishes. */
  initialize?(context: Context): Effect;
  /**
   * May replace the artifact, whose id and workflow stay; a new payload is held to its type as a publication is. Null
   * withdraws it.
   */
  artifactPublished?(context: Context, artifact: Artifact): Change<Artifact | null>;
  /** Once for every subscription that matches. */
  beforeSchedule?(
    context: Context,
    artifact: Artifact,
    agent: AgentInfo,
    subscription: Subscription,
  ): Change<ScheduleDecision>;
  /** The first to return something stands in for the gate. */
  collectArtifacts?(
    context: Context,
    artifact: Artifact,
    agent: AgentInfo,
    subscription: Subscription,
  ): Change<Collection>;
  /** May replace what is consumed; null drops the activation; an error refuses it, is told and fails the workflow. */
  beforeAgentSchedule?(
    context: Context,
    agent: AgentInfo,
    artifacts: readonly Artifact[],
    workflow: WorkflowInfo,
  ): Change<readonly Artifact[] | FlockError | null>;
  agentScheduled?(context: Context, agent: AgentInfo, artifacts: readonly Artifact[], runId: string): Effect;
  /** Nothing is running or scheduled any more. */
  idle?(context: Context): Effect;
  shutdown?(context: Context): Effect;
}
