import type { AgentInfo } from "./agent.js";
import type { Artifact } from "./artifact.js";
import type { Context } from "./context.js";
import type { EvalInputs, EvalResult } from "./engine.js";
import type { FlockError } from "./errors.js";
import type { Subscription } from "./subscription.js";
import type { WorkflowInfo } from "./workflow.js";

type Hook<Result = undefined> = Result | undefined | Promise<Result | undefined>;

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
  initialize?(agent: AgentInfo, context: AgentContext): Hook;
  /** May replace what the run consumes. */
  preConsume?(agent: AgentInfo, context: AgentContext, artifacts: readonly Artifact[]): Hook<readonly Artifact[]>;
  /** Before each engine call. */
  preEvaluate?(agent: AgentInfo, context: AgentContext, inputs: EvalInputs): Hook<EvalInputs>;
  /** After each engine call, before the output is checked. */
  postEvaluate?(agent: AgentInfo, context: AgentContext, inputs: EvalInputs, result: EvalResult): Hook<EvalResult>;
  postPublish?(agent: AgentInfo, context: AgentContext, artifact: Artifact): Hook;
  error?(agent: AgentInfo, context: AgentContext, error: FlockError): Hook;
  /** Always runs, last. */
  terminate?(agent: AgentInfo, context: AgentContext): Hook;
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
  initialize?(context: Context): Hook;
  /** May replace the artifact; null withdraws it. */
  artifactPublished?(context: Context, artifact: Artifact): Hook<Artifact | null>;
  /** Once for every subscription that matches. */
  beforeSchedule?(
    context: Context,
    artifact: Artifact,
    agent: AgentInfo,
    subscription: Subscription,
  ): Hook<ScheduleDecision>;
  /** The first to return something stands in for the gate. */
  collectArtifacts?(
    context: Context,
    artifact: Artifact,
    agent: AgentInfo,
    subscription: Subscription,
  ): Hook<Collection>;
  /** May replace what is consumed; null drops the activation; an error refuses it, is told and fails the workflow. */
  beforeAgentSchedule?(
    context: Context,
    agent: AgentInfo,
    artifacts: readonly Artifact[],
    workflow: WorkflowInfo,
  ): Hook<readonly Artifact[] | FlockError | null>;
  agentScheduled?(context: Context, agent: AgentInfo, artifacts: readonly Artifact[], runId: string): Hook;
  /** Nothing is running or scheduled any more. */
  idle?(context: Context): Hook;
  shutdown?(context: Context): Hook;
}
