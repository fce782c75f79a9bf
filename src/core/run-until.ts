import type { Blackboard } from "./blackboard.js";
import type { Clock } from "./clock.js";
import type { Condition, FlockState, WorkflowState } from "./condition.js";
import type { Emitter } from "./emitter.js";
import type { FlockEvent } from "./events.js";

interface Parts {
  readonly board: Blackboard;
  readonly clock: Clock;
  readonly emitter: Emitter;
  readonly workflows: {
    readonly idle: boolean;
    /** Flushes no batch. */
    whenIdle(): Promise<void>;
    find(correlationId: string): WorkflowState | undefined;
  };
  /** Whether anything may still happen of itself although the flock is idle. */
  readonly expecting: () => boolean;
}

/**
 * Resolves true as soon as the condition holds, false after `timeout` milliseconds. Without a timeout it resolves
 * false when the flock is idle, no schedule is under way, and the condition still does not hold.
 */
export function runUntil(parts: Parts, condition: Condition, timeout: number | undefined): Promise<boolean> {
  const { board, clock, emitter, workflows } = parts;
  const errors: Extract<FlockEvent, { type: "agent_error" }>[] = [];
  const finished: Extract<FlockEvent, { type: "workflow_finished" }>[] = [];
  const state: FlockState = {
    board,
    get idle() {
      return workflows.idle;
    },
    errors,
    finished,
    workflow: (correlationId) => workflows.find(correlationId),
  };
  return new Promise((resolve) => {
    const end = (held: boolean) => {
      off();
      clock.clearTimeout(timer);
      resolve(held);
    };
    const off = emitter.on((event) => {
      if (event.type === "stream_text") return;
      if (event.type === "agent_error") errors.push(event);
      if (event.type === "workflow_finished") finished.push(event);
      if (condition.holds(state)) end(true);
    });
    const timer = timeout === undefined ? undefined : clock.setTimeout(() => end(condition.holds(state)), timeout);
    if (condition.holds(state)) end(true);
    else if (timeout === undefined && !parts.expecting())
      void workflows.whenIdle().then(() => end(condition.holds(state)));
  });
}
