import { Agent } from "./agent.js";
import { AgentBuilder, type BuilderHost } from "./agent-builder.js";
import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import { describeIssues } from "./artifact-types.js";
import { Blackboard } from "./blackboard.js";
import { type CancelTarget, soleTarget } from "./cancel.js";
import type { Cancellation } from "./cancellation.js";
import { systemClock } from "./clock.js";
import type { FlockComponent } from "./component.js";
import { Context } from "./context.js";
import { Emitter } from "./emitter.js";
import type { Engine, OutputDraft } from "./engine.js";
import { FlockError } from "./errors.js";
import { faultOf, toFlockError } from "./fault.js";
import type { PublishInit } from "./flock.js";
import type { FlockOptions } from "./flock-options.js";
import { andThen, inOrder, type MaybePromise, passThrough } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import { Matcher } from "./matcher.js";
import { ModeSwitch } from "./mode-switch.js";
import type { OutputGroup } from "./output-group.js";
import { ProviderGate } from "./provider-gate.js";
import { Registry } from "./registry.js";
import type { Run, RunResult } from "./run.js";
import { runAgent } from "./run-agent.js";
import type { RuntimeMode } from "./runtime-mode.js";
import { Scheduler } from "./scheduler.js";
import { StreamDesk } from "./stream-desk.js";
import type { Subscription } from "./subscription.js";
import type { Workflow } from "./workflow.js";
import { WorkflowBook } from "./workflow-book.js";

/** The inside of a flock: wires the parts together. */
export class Orchestrator implements Kernel, BuilderHost {
  readonly clock;
  readonly ids;
  readonly emitter = new Emitter();
  readonly board: Blackboard;
  readonly streams: StreamDesk;
  readonly workflows: WorkflowBook;
  readonly providers: ProviderGate;
  readonly calls = new Registry<Cancellation>("stream");
  readonly runs = new Registry<Run>("run");
  readonly components: readonly FlockComponent[];
  readonly console: boolean;
  readonly #options: FlockOptions;
  readonly #mode: ModeSwitch;
  readonly #types = new Map<string, ArtifactType>();
  readonly #agents = new Map<string, Agent>();
  readonly #engines = new Map<Agent, readonly Engine[]>();
  readonly #matcher: Matcher;
  readonly #scheduler: Scheduler;
  #context: Context;
  #started = false;
  #closing = false;

  constructor(options: FlockOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.ids = options.ids ?? (() => crypto.randomUUID());
    this.console = options.console ?? true;
    this.#mode = new ModeSwitch(options.mode);
    this.board = new Blackboard(this.clock);
    this.components = inOrder(options.components ?? []);
    this.#context = this.#makeContext();
    this.streams = new StreamDesk(this.emitter, () => this.#context.allowsParallelStreaming);
    this.providers = new ProviderGate(this.clock, options.providerLimits ?? {});
    this.workflows = new WorkflowBook(this.clock, this.emitter, () => this.#notify((c) => c.idle?.(this.context)));
    this.#scheduler = new Scheduler(options.maxConcurrency ?? Number.POSITIVE_INFINITY, (run) => this.#carryOut(run));
    this.#matcher = new Matcher(this, this.#scheduler);
  }

  get context(): Context {
    return this.#context;
  }

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  get artifactTypes(): readonly ArtifactType[] {
    return [...this.#types.values()];
  }

  decideMode(mode: RuntimeMode): void {
    this.#mode.decide(mode);
    this.#context = this.#makeContext();
  }

  /** From here on the mode is settled. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#mode.settle();
    this.#notify((component) => component.initialize?.(this.context));
  }

  registerType(type: ArtifactType): void {
    const known = this.#types.get(type.name);
    if (known && known !== type) throw new FlockError("conflict", `There are two artifact types named ${type.name}`);
    this.#types.set(type.name, type);
  }

  typeOf(name: string): ArtifactType | undefined {
    return this.#types.get(name);
  }

  addAgent(name: string): AgentBuilder {
    if (this.#agents.has(name)) throw new FlockError("conflict", `There are two agents named ${name}`);
    const agent = new Agent(name, () => this.#options.model ?? this.#options.engine?.name);
    this.#agents.set(name, agent);
    return new AgentBuilder(agent, this);
  }

  subscribed(agent: Agent, subscription: Subscription): void {
    this.#matcher.listen(agent, subscription);
  }

  scheduled(): void {}

  enginesOf(agent: Agent): readonly Engine[] {
    if (agent.engines.length > 0) return agent.engines;
    const known = this.#engines.get(agent);
    if (known) return known;
    const engines = [this.#resolveEngine(agent)];
    this.#engines.set(agent, engines);
    return engines;
  }

  publish(type: ArtifactType | string, payload: unknown, init: PublishInit): MaybePromise<Artifact> {
    if (this.#closing) throw new FlockError("shutting_down", "The flock is shutting down");
    this.start();
    if (typeof type !== "string") this.registerType(type);
    const known = typeof type === "string" ? this.#types.get(type) : type;
    if (!known) throw new FlockError("unknown_type", `${String(type)} is not a known artifact type`);
    const checked = known.check(payload);
    if (!checked.ok) throw new FlockError("invalid_payload", describeIssues(known.name, checked.issues));
    const artifact: Artifact = Object.freeze({
      id: this.ids(),
      type: known.name,
      payload: checked.payload,
      producedBy: "external",
      correlationId: init.correlationId ?? this.ids(),
      tags: Object.freeze([...(init.tags ?? [])]),
      visibility: init.visibility ?? { kind: "public" },
      version: init.version ?? 1,
      createdAt: this.clock.now(),
    });
    const workflow = this.workflows.enter(artifact.correlationId);
    return andThen(this.#admit(artifact, workflow), (admitted) => admitted ?? artifact);
  }

  publishOutput(run: Run, group: OutputGroup, draft: OutputDraft): MaybePromise<Artifact | undefined> {
    const artifact: Artifact = Object.freeze({
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
    return this.#admit(artifact, run.workflow);
  }

  async invoke(name: string, artifacts: readonly Artifact[]): Promise<RunResult> {
    if (this.#closing) throw new FlockError("shutting_down", "The flock is shutting down");
    const agent = this.#agents.get(name);
    if (!agent) throw new FlockError("not_found", `There is no agent named ${name}`);
    if (agent.subscriptions.length > 0 && agent.subscriptions.every(({ mode }) => mode === "events"))
      throw new FlockError("invalid_request", `${name} takes published artifacts only`);
    this.start();
    const workflow = this.workflows.enter(artifacts[0]?.correlationId ?? this.ids());
    return this.#matcher.submit(agent, artifacts, workflow, 0).done;
  }

  cancel(target: CancelTarget): boolean {
    const { kind, id } = soleTarget(target);
    const reason = new FlockError("cancelled", "It was stopped");
    if (kind === "correlationId") this.#cancelWorkflow(this.workflows.require(id), reason);
    else if (kind === "runId") this.#cancelRun(this.runs.require(id), reason);
    else this.calls.require(id).cancel(reason);
    return true;
  }

  async shutdown(deadline = 5_000): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const handle = this.clock.setTimeout(() => {
      const reason = new FlockError("shutting_down", "The flock shut down");
      for (const workflow of this.workflows.open) this.#cancelWorkflow(workflow, reason);
    }, deadline);
    await this.workflows.untilIdle();
    this.clock.clearTimeout(handle);
    await this.#notify((component) => component.shutdown?.(this.context));
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

  #makeContext(): Context {
    return new Context({
      board: this.board,
      runtimeMode: this.#mode.mode,
      console: this.console,
      ...(this.#options.metadata && { metadata: this.#options.metadata }),
    });
  }

  #resolveEngine(agent: Agent): Engine {
    const { engine, resolveEngine, model } = this.#options;
    const wanted = agent.ownModel ?? (engine ? undefined : model);
    if (wanted !== undefined && resolveEngine) return resolveEngine(wanted);
    if (engine) return engine;
    throw new FlockError("unknown_model", `${agent.name} has neither an engine nor a model`);
  }

  #admit(artifact: Artifact, workflow: Workflow): MaybePromise<Artifact | undefined> {
    this.workflows.hold(workflow);
    const passed = passThrough<FlockComponent, Artifact | null>(
      this.components,
      artifact,
      (component, value) => (value ? component.artifactPublished?.(this.context, value) : undefined),
      (component, error) => this.#hookFailed(component, error, artifact),
      (value) => value === null,
    );
    return andThen(passed, (admitted) => {
      if (!admitted || workflow.cancelled) {
        this.workflows.release(workflow);
        return undefined;
      }
      this.board.add(admitted);
      this.emitter.emit({ type: "artifact_published", artifact: admitted });
      return andThen(this.#matcher.match(admitted, workflow), () => {
        this.workflows.release(workflow);
        return admitted;
      });
    });
  }

  async #carryOut(run: Run): Promise<void> {
    const result = await runAgent(this, run);
    this.#finishRun(run, result);
  }

  #finishRun(run: Run, result: RunResult): void {
    const { workflow } = run;
    workflow.runs.delete(run);
    this.runs.remove(run.id);
    if (result.status === "failed") workflow.anyFailed = true;
    run.end(result);
    this.workflows.release(workflow);
  }

  #cancelRun(run: Run, reason: FlockError): void {
    run.cancellation.cancel(reason);
    if (run.started) return;
    const { correlationId } = run.workflow;
    this.#finishRun(run, { runId: run.id, correlationId, status: "cancelled", artifacts: [], error: reason });
  }

  #cancelWorkflow(workflow: Workflow, reason: FlockError): void {
    workflow.cancelled = true;
    this.workflows.hold(workflow);
    for (const undo of workflow.timers) undo();
    workflow.timers.clear();
    workflow.batches.clear();
    workflow.deferred = [];
    for (const gate of workflow.gates) gate.forget(workflow.correlationId);
    for (const run of [...workflow.runs]) this.#cancelRun(run, reason);
    this.workflows.release(workflow);
  }

  #hookFailed(component: FlockComponent, thrown: unknown, artifact?: Artifact): void {
    const { message } = toFlockError(thrown, "component_error");
    const error = new FlockError("component_error", `${component.name}: ${message}`, { cause: thrown });
    this.tell({ error, agentName: artifact?.producedBy ?? "", correlationId: artifact?.correlationId ?? "" });
  }

  async #notify(call: (component: FlockComponent) => undefined | Promise<undefined>): Promise<void> {
    await passThrough<FlockComponent, undefined>(this.components, undefined, call, (component, error) =>
      this.#hookFailed(component, error),
    );
  }
}
