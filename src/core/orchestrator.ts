import { Activator } from "./activator.js";
import { Agent } from "./agent.js";
import { AgentBuilder, type BuilderHost } from "./agent-builder.js";
import { type Artifact, EXTERNAL } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import { Blackboard } from "./blackboard.js";
import { Cancellation, unlessAborted } from "./cancellation.js";
import { checkFlockOptions } from "./check-options.js";
import { circuitBreaker } from "./circuit-breaker.js";
import { type Clock, systemClock } from "./clock.js";
import type { FlockComponent } from "./component.js";
import type { Context } from "./context.js";
import { duplicateGuard } from "./duplicate-guard.js";
import { Emitter } from "./emitter.js";
import type { Engine, OutputDraft } from "./engine.js";
import { EngineBook } from "./engine-book.js";
import { FlockError } from "./errors.js";
import { faultOf, toFlockError } from "./fault.js";
import type { FlockOptions } from "./flock-options.js";
import { andThen, callEach, inOrder, type MaybePromise, passThrough } from "./hooks.js";
import { createIds } from "./ids.js";
import type { Kernel } from "./kernel.js";
import { Matcher } from "./matcher.js";
import { ModeSwitch } from "./mode-switch.js";
import type { OutputGroup } from "./output-group.js";
import { ProviderGate } from "./provider-gate.js";
import { Registry } from "./registry.js";
import type { Run, RunResult } from "./run.js";
import { runAgent } from "./run-agent.js";
import type { Schedule } from "./schedule.js";
import { ScheduleBook } from "./schedule-book.js";
import { Scheduler } from "./scheduler.js";
import { sealArtifact } from "./seal.js";
import { StreamDesk } from "./stream-desk.js";
import type { Subscription } from "./subscription.js";
import { TypeBook } from "./type-book.js";
import type { Workflow } from "./workflow.js";
import { WorkflowBook } from "./workflow-book.js";

/** The inside of a flock: wires the parts together and moves artifacts between them. */
export class Orchestrator implements Kernel, BuilderHost {
  readonly clock: Clock;
  readonly ids: () => string;
  readonly console: boolean;
  readonly emitter = new Emitter();
  readonly calls = new Registry<Cancellation>("stream");
  readonly runs = new Registry<Run>("run");
  readonly types = new TypeBook();
  readonly components: readonly FlockComponent[];
  readonly board: Blackboard;
  readonly mode: ModeSwitch;
  readonly streams: StreamDesk;
  readonly workflows: WorkflowBook;
  readonly providers: ProviderGate;
  readonly schedules: ScheduleBook;
  readonly activator: Activator;
  readonly #engines: EngineBook;
  readonly #matcher: Matcher;
  readonly #agents = new Map<string, Agent>();
  readonly #closing = new Cancellation();
  #started = false;
  #starting: MaybePromise<void> = undefined;
  #isReady = false;

  constructor(options: FlockOptions) {
    checkFlockOptions(options);
    this.clock = options.clock ?? systemClock;
    this.ids = options.ids ?? createIds();
    this.console = options.console ?? true;
    this.board = new Blackboard(this.clock);
    this.mode = new ModeSwitch(options.mode, this.board, options);
    this.components = withBuiltIn(options.components ?? []);
    this.streams = new StreamDesk(this.emitter, () => this.context.allowsParallelStreaming);
    this.providers = new ProviderGate(this.clock, options.providerLimits ?? {});
    this.workflows = new WorkflowBook(this.clock, this.emitter, () => {
      void this.notify((component) => component.idle?.(this.context));
    });
    const limit = options.maxConcurrency ?? Number.POSITIVE_INFINITY;
    const scheduler = new Scheduler(limit, (run) => this.#carryOut(run));
    this.activator = new Activator(this, scheduler);
    this.#engines = new EngineBook(options);
    this.#matcher = new Matcher(this, this.activator);
    this.schedules = new ScheduleBook(this.clock, (agent) => this.#tick(agent));
  }

  get context(): Context {
    return this.mode.context;
  }

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  /**
   * Once components have initialized, schedules run. A flock whose mode is given starts with its first schedule. What is
   * returned is over when work may begin, or the flock closes.
   */
  start(): MaybePromise<void> {
    if (this.#started) return this.#starting;
    this.#started = true;
    const initialized = this.notify((component) => component.initialize?.(this.context));
    this.#starting = andThen(unlessAborted(initialized, this.#closing), () => {
      this.#isReady = true;
      this.#starting = undefined;
      for (const agent of this.agents) for (const schedule of agent.schedules) this.schedules.start(agent, schedule);
    });
    return this.#starting;
  }

  /** No schedule sets anything off any more, and nobody waits for components to initialize. */
  close(reason: FlockError): void {
    this.schedules.stop();
    this.#closing.cancel(reason);
  }

  registerType(type: ArtifactType): void {
    this.types.register(type);
  }

  typeOf(name: string): ArtifactType | undefined {
    return this.types.get(name);
  }

  addAgent(name: string, defaultModel: () => string | undefined): AgentBuilder {
    if (name === "" || name === EXTERNAL) throw new FlockError("invalid_request", `An agent cannot be named "${name}"`);
    if (this.#agents.has(name)) throw new FlockError("conflict", `There are two agents named ${name}`);
    const agent = new Agent(name, {
      defaultModel,
      contextOf: (self) => this.mode.contextOf(self, () => this.board.viewFor(self)),
    });
    this.#agents.set(name, agent);
    return new AgentBuilder(agent, this);
  }

  agentNamed(name: string): Agent {
    const agent = this.#agents.get(name);
    if (!agent) throw new FlockError("not_found", `There is no agent named ${name}`);
    return agent;
  }

  subscribed(agent: Agent, subscription: Subscription): void {
    this.#matcher.listen(agent, subscription);
  }

  scheduled(agent: Agent, schedule: Schedule): void {
    if (this.#isReady) this.schedules.start(agent, schedule);
    else if (this.mode.decided) this.start();
  }

  enginesOf(agent: Agent): readonly Engine[] {
    return this.#engines.of(agent);
  }

  publishOutput(run: Run, group: OutputGroup, draft: OutputDraft): MaybePromise<Artifact | undefined> {
    const artifact = sealArtifact({
      id: this.ids(),
      type: draft.type,
      payload: draft.payload,
      producedBy: run.agent.name,
      correlationId: run.workflow.correlationId,
      tags: group.tags,
      visibility: group.visibility,
      version: 1,
      createdAt: this.clock.now(),
    });
    return this.admit(artifact, run.workflow, run.cancellation);
  }

  /**
   * Puts an artifact on the board and sets off what listens to it; undefined if a component withdrew it, or if its
   * owner was stopped before it was on the board.
   */
  admit(
    artifact: Artifact,
    workflow: Workflow,
    owner: { readonly signal: AbortSignal } = workflow,
  ): MaybePromise<Artifact | undefined> {
    this.workflows.hold(workflow);
    const passed = passThrough<FlockComponent, Artifact | null>(
      this.components,
      artifact,
      (component, value) =>
        value &&
        andThen(
          component.artifactPublished?.(this.context, value),
          (given) => given && this.#replacement(value, given),
        ),
      (component, error) => this.componentFailed(component, error, artifact.producedBy, artifact.correlationId),
      (value) => value === null,
    );
    return andThen(unlessAborted(passed, owner), (admitted) => {
      if (!admitted || workflow.stopped) {
        this.workflows.release(workflow);
        return undefined;
      }
      const shown = this.show(admitted);
      const matched = this.#matcher.match(shown, workflow);
      return andThen(unlessAborted(matched, workflow), () => {
        this.workflows.release(workflow);
        return shown;
      });
    });
  }

  /** What a component makes of an artifact; a new payload is held to its type. Throws for what is no artifact. */
  #replacement(former: Artifact, given: Artifact): Artifact {
    if (given === former) return former;
    if (typeof given !== "object")
      throw new FlockError("component_error", "artifactPublished returns an artifact, null to withdraw it, or nothing");
    const { id, correlationId } = former;
    const isSame = given.type === former.type && given.payload === former.payload;
    return sealArtifact({ ...given, id, correlationId, ...(!isSame && this.types.parse(given.type, given.payload)) });
  }

  /** The workflow to publish into, started if need be. Throws `conflict` while it is being stopped. */
  enter(correlationId: string): Workflow {
    const workflow = this.workflows.enter(correlationId);
    if (workflow.stopped) throw new FlockError("conflict", `The workflow ${correlationId} is being stopped`);
    return workflow;
  }

  /** Puts an artifact on the board and tells it. */
  show(artifact: Artifact): Artifact {
    this.board.add(artifact);
    this.emitter.emit({ type: "artifact_published", artifact });
    return artifact;
  }

  cancelRun(run: Run, reason: FlockError): void {
    run.cancellation.cancel(reason);
    if (run.started) return;
    const { correlationId } = run.workflow;
    this.#finishRun(run, { runId: run.id, correlationId, status: "cancelled", artifacts: [], error: reason });
  }

  cancelWorkflow(workflow: Workflow, reason: FlockError): void {
    this.workflows.hold(workflow);
    workflow.stop(reason);
    for (const undo of workflow.timers) undo();
    workflow.timers.clear();
    for (const batch of [...workflow.batches]) batch.discard();
    for (const gate of workflow.gates) gate.forget(workflow.correlationId);
    for (const run of [...workflow.runs]) this.cancelRun(run, reason);
    this.workflows.release(workflow);
  }

  tell(fault: Parameters<Kernel["tell"]>[0]): void {
    this.emitter.emit({
      type: "agent_error",
      runId: fault.runId ?? this.ids(),
      agentName: fault.agentName,
      correlationId: fault.correlationId,
      error: faultOf(fault.error),
      attempt: fault.attempt ?? 1,
      willRetry: fault.willRetry ?? false,
      timestamp: this.clock.now(),
    });
  }

  componentFailed(component: FlockComponent, thrown: unknown, agentName: string, correlationId: string): void {
    const { message } = toFlockError(thrown, "component_error");
    const error = new FlockError("component_error", `${component.name}: ${message}`, { cause: thrown });
    this.tell({ error, agentName, correlationId });
  }

  /** Calls one hook of every component, for its effect only. */
  notify(call: (component: FlockComponent) => unknown): MaybePromise<undefined> {
    return callEach(this.components, call, (component, error) => this.componentFailed(component, error, "", ""));
  }

  /** A schedule is due; a run of the agent that still waits for its turn stands for this one too. */
  #tick(agent: Agent): void {
    if (this.runs.all.some((run) => run.agent === agent && !run.started)) return;
    const workflow = this.workflows.enter(this.ids());
    this.workflows.hold(workflow);
    const activated = unlessAborted(this.activator.activate(agent, [], workflow, 0), workflow);
    void andThen(activated, () => this.workflows.release(workflow));
  }

  async #carryOut(run: Run): Promise<void> {
    this.#finishRun(run, await runAgent(this, run));
  }

  #finishRun(run: Run, result: RunResult): void {
    const { workflow } = run;
    workflow.runs.delete(run);
    this.runs.remove(run.id);
    if (result.status === "failed") workflow.anyFailed = true;
    run.end(result);
    this.workflows.release(workflow);
  }
}

/** A component of the same name takes the place of a built-in one. */
function withBuiltIn(own: readonly FlockComponent[]): readonly FlockComponent[] {
  const builtIn = [duplicateGuard(), circuitBreaker()];
  const names = new Set(own.map((component) => component.name));
  return inOrder([...builtIn.filter((component) => !names.has(component.name)), ...own]);
}
