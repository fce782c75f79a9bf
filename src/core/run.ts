import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import { Cancellation } from "./cancellation.js";
import type { FlockError } from "./errors.js";
import type { Outcome } from "./events.js";
import type { Workflow } from "./workflow.js";

/** How a run ended. */
export interface RunResult {
  readonly runId: string;
  readonly correlationId: string;
  readonly status: Outcome;
  readonly artifacts: readonly Artifact[];
  readonly error?: FlockError;
}

/** One activation of one agent. */
export class Run {
  readonly id: string;
  readonly agent: Agent;
  readonly artifacts: readonly Artifact[];
  readonly workflow: Workflow;
  readonly priority: number;
  readonly cancellation = new Cancellation();
  readonly done: Promise<RunResult>;
  started = false;
  #resolve: (result: RunResult) => void = () => {};

  constructor(id: string, agent: Agent, artifacts: readonly Artifact[], workflow: Workflow, priority: number) {
    this.id = id;
    this.agent = agent;
    this.artifacts = artifacts;
    this.workflow = workflow;
    this.priority = priority;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(result: RunResult): void {
    this.#resolve(result);
  }
}
