import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import type { FlockComponent, ScheduleDecision } from "./component.js";
import { FlockError } from "./errors.js";
import { toFlockError } from "./fault.js";
import type { Gate } from "./gate.js";
import { andThen, type MaybePromise, passThrough } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import { type Listener, Listeners, makeGate } from "./listeners.js";
import { Run } from "./run.js";
import type { Scheduler } from "./scheduler.js";
import type { Match, Subscription } from "./subscription.js";
import { visibleFrom } from "./visibility.js";
import type { Workflow } from "./workflow.js";

/** Decides which artifacts set off which agents. */
export class Matcher {
  readonly #kernel: Kernel;
  readonly #scheduler: Scheduler;
  readonly #listeners = new Listeners();
  readonly #toldPredicates = new Set<unknown>();
  readonly #deferring: readonly FlockComponent[];
  readonly #collecting: readonly FlockComponent[];

  constructor(kernel: Kernel, scheduler: Scheduler) {
    this.#kernel = kernel;
    this.#scheduler = scheduler;
    this.#deferring = kernel.components.filter((component) => component.beforeSchedule);
    this.#collecting = kernel.components.filter((component) => component.collectArtifacts);
  }

  listen(agent: Agent, subscription: Subscription): void {
    const judge = (match: Match) => this.#judge(agent, subscription, match);
    this.#listeners.add({ agent, subscription, gate: makeGate(subscription, judge) });
  }

  /** Offers a published artifact to all that listen to its type. */
  match(artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    let previous: MaybePromise<void>;
    for (const listener of this.#listeners.of(artifact.type))
      previous = andThen(previous, () => this.#consider(listener, artifact, workflow));
    return previous;
  }

  #consider(listener: Listener, artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    const { agent, subscription } = listener;
    if (subscription.mode === "direct") return;
    if (agent.preventSelfTrigger && artifact.producedBy === agent.name) return;
    if (subscription.fromAgents && !subscription.fromAgents.includes(artifact.producedBy)) return;
    if (subscription.tags && !subscription.tags.some((tag) => artifact.tags.includes(tag))) return;
    const from = visibleFrom(artifact, agent);
    if (from === undefined) return;
    if (from > this.#kernel.clock.now())
      return this.#later(from, workflow, () => this.#offer(listener, artifact, workflow));
    return this.#offer(listener, artifact, workflow);
  }

  #offer(listener: Listener, artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    if (!this.#accepts(listener, artifact)) return;
    if (this.#deferring.length === 0) return this.#collect(listener, artifact, workflow);
    const { agent, subscription } = listener;
    const decision = passThrough<FlockComponent, ScheduleDecision>(
      this.#deferring,
      "continue",
      (component) => component.beforeSchedule?.(this.#kernel.context, artifact, agent, subscription),
      (component, error) => this.#hookFailed(component, error, agent, workflow),
      (value) => value !== "continue",
    );
    return andThen(decision, (value) => {
      if (value === "defer") workflow.deferred.push(() => void this.#offer(listener, artifact, workflow));
      else if (value === "continue") return this.#collect(listener, artifact, workflow);
    });
  }

  #accepts({ agent, subscription }: Listener, artifact: Artifact): boolean {
    const predicates = subscription.predicates(artifact.type);
    return predicates.every((predicate) => this.#holds(predicate, () => predicate(artifact), agent, artifact));
  }

  #judge(agent: Agent, { whereAll }: Subscription, match: Match): boolean {
    const [first] = [...match.values()].flat();
    return !whereAll || !first || this.#holds(whereAll, () => whereAll(match), agent, first);
  }

  /** A predicate that throws does not hold; each is told once. */
  #holds(predicate: unknown, ask: () => boolean, agent: Agent, artifact: Artifact): boolean {
    try {
      return ask();
    } catch (thrown) {
      if (this.#toldPredicates.has(predicate)) return false;
      this.#toldPredicates.add(predicate);
      const { message } = toFlockError(thrown, "predicate_error");
      const error = new FlockError("predicate_error", `A predicate of ${agent.name} failed: ${message}`, {
        cause: thrown,
      });
      this.#kernel.tell({ error, agentName: agent.name, correlationId: artifact.correlationId });
      return false;
    }
  }

  #collect(listener: Listener, artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    const fromGate = () => this.#throughGate(listener.gate, artifact, workflow);
    const activate = (artifacts: readonly Artifact[] | undefined) =>
      artifacts && this.activate(listener.agent, artifacts, workflow, listener.subscription.priority);
    if (this.#collecting.length === 0) return andThen(andThen(fromGate(), activate), () => {});
    const { agent, subscription } = listener;
    const collected = passThrough<FlockComponent, { artifacts: readonly Artifact[]; complete: boolean } | null>(
      this.#collecting,
      null,
      (component) => component.collectArtifacts?.(this.#kernel.context, artifact, agent, subscription),
      (component, error) => this.#hookFailed(component, error, agent, workflow),
      (value) => value !== null,
    );
    return andThen(collected, (value) => {
      const artifacts = value === null ? fromGate() : value.complete ? value.artifacts : undefined;
      return andThen(activate(artifacts), () => {});
    });
  }

  #throughGate(gate: Gate, artifact: Artifact, workflow: Workflow): readonly Artifact[] | undefined {
    const artifacts = gate.offer(artifact);
    if (!artifacts) workflow.gates.add(gate);
    return artifacts;
  }

  /** Makes a run of the artifacts, unless a component objects. */
  activate(
    agent: Agent,
    artifacts: readonly Artifact[],
    workflow: Workflow,
    priority: number,
  ): MaybePromise<Run | undefined> {
    const { components, context } = this.#kernel;
    const allowed = passThrough<FlockComponent, readonly Artifact[] | FlockError | null>(
      components,
      artifacts,
      (component, value) =>
        value === null || value instanceof FlockError
          ? undefined
          : component.beforeAgentSchedule?.(context, agent, value),
      (component, error) => this.#hookFailed(component, error, agent, workflow),
      (value) => value === null || value instanceof FlockError,
    );
    return andThen(allowed, (value) => {
      if (value instanceof FlockError) {
        workflow.anyFailed = true;
        this.#kernel.tell({ error: value, agentName: agent.name, correlationId: workflow.correlationId });
      } else if (value !== null && !workflow.cancelled) return this.submit(agent, value, workflow, priority);
      return undefined;
    });
  }

  submit(agent: Agent, artifacts: readonly Artifact[], workflow: Workflow, priority: number): Run {
    const { components, context, ids, workflows } = this.#kernel;
    const run = new Run(ids(), agent, artifacts, workflow, priority);
    workflows.hold(workflow);
    workflow.runs.add(run);
    this.#kernel.runs.add(run.id, run);
    this.#scheduler.submit(run);
    void passThrough<FlockComponent, undefined>(
      components,
      undefined,
      (component) => component.agentScheduled?.(context, agent, artifacts, run.id),
      (component, error) => this.#hookFailed(component, error, agent, workflow),
    );
    return run;
  }

  /** Keeps the workflow open until then. */
  #later(at: number, workflow: Workflow, action: () => MaybePromise<void>): void {
    const { clock, workflows } = this.#kernel;
    workflows.hold(workflow);
    const handle = clock.setTimeout(() => {
      workflow.timers.delete(undo);
      void andThen(action(), () => workflows.release(workflow));
    }, at - clock.now());
    const undo = () => {
      clock.clearTimeout(handle);
      workflow.pending--;
    };
    workflow.timers.add(undo);
  }

  #hookFailed(component: FlockComponent, thrown: unknown, agent: Agent, workflow: Workflow): void {
    const { message } = toFlockError(thrown, "component_error");
    const error = new FlockError("component_error", `${component.name}: ${message}`, { cause: thrown });
    this.#kernel.tell({ error, agentName: agent.name, correlationId: workflow.correlationId });
  }
}
