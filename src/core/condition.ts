import type { Artifact } from "./artifact.js";
import type { Blackboard } from "./blackboard.js";
import { FlockError } from "./errors.js";
import type { FlockEvent, Outcome } from "./events.js";
import { synchronous } from "./hooks.js";

/** What conditions are judged by. */
export interface FlockState {
  readonly board: Blackboard;
  readonly idle: boolean;
  /** Faults told since the wait began. */
  readonly errors: readonly Extract<FlockEvent, { type: "agent_error" }>[];
  /** Workflows finished since the wait began. */
  readonly finished: readonly Extract<FlockEvent, { type: "workflow_finished" }>[];
  /** A workflow that runs, or is among the last thousand that are over. */
  workflow(correlationId: string): WorkflowState | undefined;
}

export interface WorkflowState {
  readonly status: Outcome | "running";
  /** Whether any of its runs has failed so far. */
  readonly anyFailed: boolean;
}

/** When `runUntil` ends. Conditions combine; the methods return new ones. One that throws, or is asynchronous, does not hold. */
export class Condition {
  readonly holds: (state: FlockState) => boolean;

  constructor(holds: (state: FlockState) => boolean) {
    this.holds = (state) => isTrue(() => holds(state));
  }

  and(other: ConditionLike): Condition {
    return until.all(this, other);
  }

  or(other: ConditionLike): Condition {
    return until.any(this, other);
  }

  not(): Condition {
    return new Condition((state) => !this.holds(state));
  }
}

/** A condition, or a plain function that says the same. */
export type ConditionLike = Condition | ((state: FlockState) => boolean);

/** Throws `invalid_request` for what is no condition. */
export function toCondition(condition: ConditionLike): Condition {
  if (condition instanceof Condition) return condition;
  if (typeof condition === "function") return new Condition(condition);
  throw new FlockError(
    "invalid_request",
    'A condition is one of until, such as until.artifacts("Review", 3), or a function (state) => boolean',
  );
}

interface ArtifactQuery {
  readonly correlationId?: string;
  readonly producedBy?: string;
  readonly tag?: string;
  /** Must hold for the artifact to count. One that throws counts as no. */
  readonly where?: (artifact: Artifact) => boolean;
}

function named(type: string | { readonly name: string }): string {
  return typeof type === "string" ? type : type.name;
}

function counting({ board }: FlockState, type: string, query: ArtifactQuery | undefined): number {
  if (!query) return board.count(type);
  const { where, ...filter } = query;
  const found = board.list({ type, ...filter });
  return where ? found.filter((artifact) => isTrue(() => where(artifact))).length : found.length;
}

function isTrue(ask: () => boolean): boolean {
  try {
    return Boolean(synchronous(ask()));
  } catch {
    return false;
  }
}

function isOver(workflow: WorkflowState | undefined): boolean {
  return workflow !== undefined && workflow.status !== "running";
}

function hasFailed(workflow: WorkflowState | undefined): boolean {
  return workflow !== undefined && (workflow.anyFailed || workflow.status === "failed");
}

/** The conditions to build from: `until.artifacts("Review", 3).or(until.workflowError())`. */
export const until = {
  /** At least `count` artifacts of the type (that fit the query) are on the board. */
  artifacts: (type: string | { readonly name: string }, count: number, query?: ArtifactQuery): Condition =>
    new Condition((state) => counting(state, named(type), query) >= count),
  /** Some artifact of the type fits. */
  payload: (type: string | { readonly name: string }, where: (payload: unknown) => boolean): Condition =>
    new Condition((state) => counting(state, named(type), { where: (artifact) => where(artifact.payload) }) > 0),
  /** Nothing is running or scheduled. */
  idle: (): Condition => new Condition((state) => state.idle),
  /**
   * A workflow has failed, or a fault was told that is not tried again. Where one is named, what happened in it before
   * counts too.
   */
  workflowError: (correlationId?: string): Condition =>
    new Condition(
      ({ errors, finished, workflow }) =>
        (correlationId !== undefined && hasFailed(workflow(correlationId))) ||
        errors.some((event) => !event.willRetry && (correlationId ?? event.correlationId) === event.correlationId) ||
        finished.some(
          (event) => event.status === "failed" && (correlationId ?? event.correlationId) === event.correlationId,
        ),
    ),
  /** The workflow is over, however it ended; where none is named, one has finished since the wait began. */
  workflowFinished: (correlationId?: string): Condition =>
    new Condition(
      ({ finished, workflow }) =>
        (correlationId !== undefined && isOver(workflow(correlationId))) ||
        finished.some((event) => (correlationId ?? event.correlationId) === event.correlationId),
    ),
  all: (...conditions: readonly ConditionLike[]): Condition => {
    const all = conditions.map(toCondition);
    return new Condition((state) => all.every((condition) => condition.holds(state)));
  },
  any: (...conditions: readonly ConditionLike[]): Condition => {
    const any = conditions.map(toCondition);
    return new Condition((state) => any.some((condition) => condition.holds(state)));
  },
  not: (condition: ConditionLike): Condition => toCondition(condition).not(),
};
