import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import { unlessAborted } from "./cancellation.js";
import type { FlockComponent } from "./component.js";
import { FlockError } from "./errors.js";
import { andThen, callEach, type MaybePromise, passThrough } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import { Run } from "./run.js";
import type { Scheduler } from "./scheduler.js";
import type { Workflow } from "./workflow.js";

type Verdict = readonly Artifact[] | FlockError | null;

/** Makes runs of complete matches. */
export class Activator {
  readonly #kernel: Kernel;
  readonly #scheduler: Scheduler;

  constructor(kernel: Kernel, scheduler: Scheduler) {
    this.#kernel = kernel;
    this.#scheduler = scheduler;
  }

  /** Schedules a run, unless a component objects; an objection with an error fails the workflow. */
  activate(
    agent: Agent,
    artifacts: readonly Artifact[],
    workflow: Workflow,
    priority: number,
  ): MaybePromise<Run | undefined> {
    const kernel = this.#kernel;
    const verdict = passThrough<FlockComponent, Verdict>(
      kernel.components,
      artifacts,
      (component, value) =>
        isRefusal(value) ? undefined : component.beforeAgentSchedule?.(kernel.context, agent, value, workflow),
      (component, error) => kernel.componentFailed(component, error, agent.name, workflow.correlationId),
      isRefusal,
    );
    return andThen(verdict, (value) => {
      if (value instanceof FlockError) {
        workflow.anyFailed = true;
        kernel.tell({ error: value, agentName: agent.name, correlationId: workflow.correlationId });
        return undefined;
      }
      if (value === null || workflow.stopped) return undefined;
      return this.submit(agent, value, workflow, priority);
    });
  }

  /** Schedules a run, and tells components. */
  submit(agent: Agent, artifacts: readonly Artifact[], workflow: Workflow, priority: number): MaybePromise<Run> {
    const kernel = this.#kernel;
    const run = new Run(kernel.ids(), agent, artifacts, workflow, priority);
    kernel.workflows.hold(workflow);
    workflow.activations++;
    workflow.runs.add(run);
    kernel.runs.add(run.id, run);
    this.#scheduler.submit(run);
    const told = callEach(
      kernel.components,
      (component) => component.agentScheduled?.(kernel.context, agent, artifacts, run.id),
      (component, error) => kernel.componentFailed(component, error, agent.name, workflow.correlationId),
    );
    return andThen(unlessAborted(told, run.cancellation), () => run);
  }
}

function isRefusal(verdict: Verdict): verdict is FlockError | null {
  return verdict === null || verdict instanceof FlockError;
}
