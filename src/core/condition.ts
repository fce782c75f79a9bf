import type { Artifact } from "./artifact.js";
import type { Blackboard } from "./blackboard.js";
import type { FlockEvent } from "./events.js";

/** What conditions are judged by. */
export interface FlockState {
  readonly board: Blackboard;
  readonly idle: boolean;
  /** Faults told since the wait began. */
  readonly errors: readonly Extract<FlockEvent, { type: "agent_error" }>[];
  /** Workflows finished since the wait began. */
  readonly finished: readonly Extract<FlockEvent, { type: "workflow_finished" }>[];
}

/** When `runUntil` ends. Conditions combine; the methods return new ones. */
export class Condition {
  readonly holds: (state: FlockState) => boolean;

  constructor(holds: (state: FlockState) => boolean) {
    this.holds = holds;
  }

  and(other: Condition): Condition {
    return new Condition((state) => this.holds(state) && other.holds(state));
  }

  or(other: Condition): Condition {
    return new Condition((state) => this.holds(state) || other.holds(state));
  }

  not(): Condition {
    return new Condition((state) => !this.holds(state));
  }
}

/** A condition, or a plain function that says the same. One that throws does not hold. */
export type ConditionLike = Condition | ((state: FlockState) => boolean);

export function toCondition(condition: ConditionLike): Condition {
  if (condition instanceof Condition) return condition;
  return new Condition((state) => isTrue(() => condition(state)));
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
    return ask();
  } catch {
    return false;
  }
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
  /** A workflow (this one, if named) has failed, or a fault was told that is not tried again. */
  workflowError: (correlationId?: string): Condition =>
    new Condition(
      ({ errors, finished }) =>
        errors.some((event) => !event.willRetry && (correlationId ?? event.correlationId) === event.correlationId) ||
        finished.some(
          (event) => event.status === "failed" && (correlationId ?? event.correlationId) === event.correlationId,
        ),
    ),
  /** The workflow (any, if none is named) has finished, however. */
  workflowFinished: (correlationId?: string): Condition =>
    new Condition(({ finished }) =>
      finished.some((event) => (correlationId ?? event.correlationId) === event.correlationId),
    ),
  all: (...conditions: readonly Condition[]): Condition =>
    new Condition((state) => conditions.every((condition) => condition.holds(state))),
  any: (...conditions: readonly Condition[]): Condition =>
    new Condition((state) => conditions.some((condition) => condition.holds(state))),
  not: (condition: Condition): Condition => condition.not(),
};
