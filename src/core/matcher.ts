import type { Activator } from "./activator.js";
import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import { Batcher } from "./batcher.js";
import { unlessAborted } from "./cancellation.js";
import type { Collection, FlockComponent, ScheduleDecision } from "./component.js";
import { type Gate, PoolGate, SingleGate } from "./gate.js";
import { andThen, type MaybePromise, passThrough } from "./hooks.js";
import { JoinGate } from "./join-gate.js";
import { Judge } from "./judge.js";
import type { Kernel } from "./kernel.js";
import { type Listener, Listeners } from "./listeners.js";
import type { Subscription } from "./subscription.js";
import { visibleFrom } from "./visibility.js";
import type { Workflow } from "./workflow.js";

/** Decides which artifacts set off which agents. */
export class Matcher {
  readonly #kernel: Kernel;
  readonly #activator: Activator;
  readonly #listeners = new Listeners();
  readonly #deciding: readonly FlockComponent[];
  readonly #collecting: readonly FlockComponent[];

  constructor(kernel: Kernel, activator: Activator) {
    this.#kernel = kernel;
    this.#activator = activator;
    this.#deciding = kernel.components.filter((component) => component.beforeSchedule);
    this.#collecting = kernel.components.filter((component) => component.collectArtifacts);
  }

  listen(agent: Agent, subscription: Subscription): void {
    const { clock, workflows } = this.#kernel;
    const judge = new Judge(this.#kernel, agent, subscription);
    const fire = (artifacts: readonly Artifact[], workflow: Workflow) => {
      workflows.hold(workflow);
      const activated = this.#activator.activate(agent, artifacts, workflow, subscription.priority);
      void andThen(unlessAborted(activated, workflow), () => workflows.release(workflow));
    };
    const batcher = subscription.batch && new Batcher(subscription.batch, clock, fire);
    this.#listeners.add({ agent, subscription, judge, gate: this.#gateOf(subscription, judge), batcher });
  }

  /** Offers a published artifact to all that listen to its type. */
  match(artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    return this.#listeners
      .of(artifact.type)
      .reduce<MaybePromise<void>>(
        (previous, listener) => andThen(previous, () => this.#consider(listener, artifact, workflow)),
        undefined,
      );
  }

  #gateOf(subscription: Subscription, judge: Judge): Gate {
    const { counts, join } = subscription;
    const judges = (match: Parameters<Judge["acceptsMatch"]>[0]) => judge.acceptsMatch(match);
    if (join) return new JoinGate(counts, join.within, (artifact) => judge.keyOf(artifact), judges, this.#kernel.clock);
    const [only] = counts.values();
    return counts.size === 1 && only === 1 ? new SingleGate(judges) : new PoolGate(counts, judges);
  }

  #consider(listener: Listener, artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    const { agent, subscription } = listener;
    if (subscription.mode === "direct") return;
    if (agent.preventSelfTrigger && artifact.producedBy === agent.name) return;
    if (subscription.fromAgents && !subscription.fromAgents.includes(artifact.producedBy)) return;
    if (subscription.tags && !subscription.tags.some((tag) => artifact.tags.includes(tag))) return;
    const from = visibleFrom(artifact, agent);
    if (from === undefined) return;
    if (from > this.#kernel.clock.now()) this.#later(from, workflow, () => this.#offer(listener, artifact, workflow));
    else return this.#offer(listener, artifact, workflow);
  }

  /** `askedAt`: how many runs the workflow had seen when a component last put this off. */
  #offer(listener: Listener, artifact: Artifact, workflow: Workflow, askedAt?: number): MaybePromise<void> {
    const { agent, subscription, judge } = listener;
    if (workflow.stopped || !judge.accepts(artifact)) return;
    if (this.#deciding.length === 0) return this.#collect(listener, artifact, workflow);
    const decision = passThrough<FlockComponent, ScheduleDecision>(
      this.#deciding,
      "continue",
      (component) => component.beforeSchedule?.(this.#kernel.context, artifact, agent, subscription),
      (component, error) => this.#kernel.componentFailed(component, error, agent.name, workflow.correlationId),
      (value) => value !== "continue",
    );
    return andThen(decision, (value) => {
      if (workflow.stopped) return;
      if (value === "continue") return this.#collect(listener, artifact, workflow);
      const { activations } = workflow;
      if (value === "skip" || askedAt === activations) return;
      workflow.deferred.push(() => this.#offer(listener, artifact, workflow, activations));
    });
  }

  #collect(listener: Listener, artifact: Artifact, workflow: Workflow): MaybePromise<void> {
    const { agent, subscription } = listener;
    const activate = (artifacts: readonly Artifact[] | undefined): MaybePromise<void> =>
      artifacts &&
      andThen(this.#activator.activate(agent, artifacts, workflow, subscription.priority), () => undefined);
    if (this.#collecting.length === 0) return activate(this.#gather(listener, artifact, workflow));
    const collected = passThrough<FlockComponent, Collection | null>(
      this.#collecting,
      null,
      (component) => component.collectArtifacts?.(this.#kernel.context, artifact, agent, subscription),
      (component, error) => this.#kernel.componentFailed(component, error, agent.name, workflow.correlationId),
      (value) => value !== null,
    );
    return andThen(collected, (value) => {
      if (workflow.stopped) return;
      if (value === null) return activate(this.#gather(listener, artifact, workflow));
      return value.complete ? activate(value.artifacts) : undefined;
    });
  }

  /** Through the gate, then into the batch. */
  #gather({ gate, batcher }: Listener, artifact: Artifact, workflow: Workflow): readonly Artifact[] | undefined {
    const match = gate.offer(artifact);
    if (!match) {
      workflow.gates.add(gate);
      return undefined;
    }
    return batcher ? batcher.add(match, workflow) : match;
  }

  /** Keeps the workflow open until then. */
  #later(at: number, workflow: Workflow, action: () => MaybePromise<void>): void {
    const { clock, workflows } = this.#kernel;
    workflows.hold(workflow);
    const handle = clock.setTimeout(() => {
      workflow.timers.delete(undo);
      void andThen(unlessAborted(action(), workflow), () => workflows.release(workflow));
    }, at - clock.now());
    const undo = () => {
      clock.clearTimeout(handle);
      workflow.pending--;
    };
    workflow.timers.add(undo);
  }
}
