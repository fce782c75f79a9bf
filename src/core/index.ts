export type { AgentInfo, Scorer } from "./agent.js";
export type { AgentBuilder } from "./agent-builder.js";
export { type Artifact, EXTERNAL, type Visibility } from "./artifact.js";
export type { ArtifactType, PayloadCheck } from "./artifact-type.js";
export {
  artifact,
  describeIssues,
  type TextPayload,
  type TypedArtifactType,
  textArtifact,
  type UntypedArtifactType,
} from "./artifact-types.js";
export type { Blackboard, BoardFilter } from "./blackboard.js";
export type { CancelTarget } from "./cancel.js";
export { circuitBreaker } from "./circuit-breaker.js";
export { type Clock, systemClock } from "./clock.js";
export type { AgentComponent, AgentContext, Collection, FlockComponent, ScheduleDecision } from "./component.js";
export { Condition, type ConditionLike, type FlockState, until, type WorkflowState } from "./condition.js";
export { type BoardView, Context, type ContextInit, type OutputStream, type RunContext } from "./context.js";
export { duplicateGuard } from "./duplicate-guard.js";
export type {
  AgentTool,
  Engine,
  EngineAgent,
  EngineResolver,
  EvalInputs,
  EvalResult,
  OutputDraft,
  OutputRequest,
  Usage,
} from "./engine.js";
export { FlockError } from "./errors.js";
export type { Fault, FlockEvent, FlockListener, Outcome } from "./events.js";
export { Flock } from "./flock.js";
export type { FlockOptions } from "./flock-options.js";
export { functionEngine, type StepFunction, type StepInput } from "./function-engine.js";
export type { OutputValidator, PublishOptions } from "./output-group.js";
export type { ProviderLimit } from "./provider-gate.js";
export type { PublishInit } from "./publisher.js";
export type { RunResult } from "./run.js";
export { RuntimeMode } from "./runtime-mode.js";
export type { Schedule } from "./schedule.js";
export { type FlockService, registerServiceStarter, type ServeOptions, type ServiceStarter } from "./serve.js";
export type {
  BatchOptions,
  ConsumeOptions,
  JoinOptions,
  Match,
  Predicate,
  Subscription,
  SubscriptionMode,
  Where,
} from "./subscription.js";
export { visibility } from "./visibility.js";
export type { WorkflowInfo } from "./workflow.js";
