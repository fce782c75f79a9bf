import type { AgentInfo } from "./agent.js";
import type { AgentBuilder } from "./agent-builder.js";
import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import type { TypedArtifactType, UntypedArtifactType } from "./artifact-types.js";
import type { Blackboard } from "./blackboard.js";
import { type CancelTarget, soleTarget } from "./cancel.js";
import { checkWait } from "./checks.js";
import { type ConditionLike, toCondition } from "./condition.js";
import type { Context } from "./context.js";
import type { OutputDraft } from "./engine.js";
import { FlockError } from "./errors.js";
import type { FlockListener } from "./events.js";
import type { FlockOptions } from "./flock-options.js";
import { HOOK_GRACE, withGrace } from "./grace.js";
import { Orchestrator } from "./orchestrator.js";
import { checkInit, Publisher, type PublishInit } from "./publisher.js";
import type { RunResult } from "./run.js";
import { runUntil } from "./run-until.js";
import { RuntimeMode } from "./runtime-mode.js";
import { type FlockService, type ServeOptions, serviceStarter } from "./serve.js";
import type { WorkflowInfo } from "./workflow.js";

/** How long `shutdown` lets runs end, in milliseconds, unless told otherwise. */
const SHUTDOWN_DEADLINE = 5_000;

/** A blackboard, the agents around it, and what makes them run. */
export class Flock {
  readonly #options: FlockOptions;
  readonly #orchestrator: Orchestrator;
  readonly #publisher: Publisher;
  #service: FlockService | undefined;
  #serving = false;
  #shutdown: Promise<void> | undefined;

  constructor(options: FlockOptions = {}) {
    this.#options = options;
    this.#orchestrator = new Orchestrator(options);
    this.#publisher = new Publisher(this.#orchestrator);
  }

  /** Frozen. Its runtime mode is `cli` until `serve` or the constructor says otherwise. */
  get context(): Context {
    return this.#orchestrator.context;
  }

  /** PROVIDER/MODEL of agents that name none. */
  get model(): string | undefined {
    return this.#options.model;
  }

  /** Streams that are open to the outside now. */
  get activeStreams(): number {
    return this.#orchestrator.streams.live;
  }

  get agents(): readonly AgentInfo[] {
    return this.#orchestrator.agents;
  }

  get artifactTypes(): readonly ArtifactType[] {
    return this.#orchestrator.types.all;
  }

  /** Whether a schedule is still to come due. */
  get scheduled(): boolean {
    return this.#orchestrator.schedules.active;
  }

  /** Every artifact, whatever its visibility. */
  get board(): Blackboard {
    return this.#orchestrator.board;
  }

  /** The running ones, and the last thousand that are over. */
  get workflows(): readonly WorkflowInfo[] {
    return this.#orchestrator.workflows.known.map(({ correlationId, status, startedAt, duration }) =>
      Object.freeze({ correlationId, status, startedAt, duration }),
    );
  }

  /** Throws `conflict` if another type has the name. */
  registerType(type: ArtifactType): this {
    this.#orchestrator.registerType(type);
    return this;
  }

  /** A new agent. Throws `conflict` if the name is taken. */
  agent(name: string): AgentBuilder {
    return this.#orchestrator.addAgent(name, () => this.#options.engine?.name ?? this.#options.model);
  }

  /** Returns what takes the listener off again. Listeners must be quick. */
  on(listener: FlockListener): () => void {
    return this.#orchestrator.emitter.on(listener);
  }

  /**
   * Puts an artifact on the board and sets off what listens to it. Resolves to the artifact as components left it; one
   * that a component withdrew, or whose workflow was stopped first, is not on the board: `board.get(id)` is undefined.
   * Rejects with `unknown_type`, `invalid_payload`, `shutting_down`, and `conflict` while its workflow is being stopped.
   */
  publish<Payload, Input>(
    type: TypedArtifactType<Payload, Input>,
    payload: NoInfer<Input>,
    init?: PublishInit,
  ): Promise<Artifact<Payload>>;
  publish(type: UntypedArtifactType, payload: unknown, init?: PublishInit): Promise<Artifact>;
  async publish(type: ArtifactType | string, payload: unknown, init: PublishInit = {}): Promise<Artifact> {
    const opened = this.#publisher.open();
    if (opened) await opened;
    const artifact = this.#publisher.make(type, payload, init, init.correlationId ?? this.#orchestrator.ids());
    const [admitted] = await this.#publisher.enter([artifact], init);
    return admitted ?? artifact;
  }

  /** Publishes several artifacts into one workflow: unless all of them fit, none. The same rules as for `publish`. */
  async publishAll(
    entries: readonly { readonly type: ArtifactType | string; readonly payload: unknown }[],
    init: PublishInit = {},
  ): Promise<readonly Artifact[]> {
    const opened = this.#publisher.open();
    if (opened) await opened;
    checkInit(init);
    const correlationId = init.correlationId ?? this.#orchestrator.ids();
    const artifacts = entries.map((entry) => this.#publisher.make(entry.type, entry.payload, init, correlationId));
    return this.#publisher.enter(artifacts, init);
  }

  /**
   * Runs one agent on these artifacts, past its gates. Drafts are checked and put on the board, setting off nobody
   * else. Resolves when the run is over; a failed run is data. Rejects with `not_found`, `unknown_type`,
   * `invalid_payload`, `shutting_down`, `conflict` while the workflow is being stopped, and `invalid_request` if the
   * agent takes events only.
   */
  async invoke(
    agent: string | { readonly name: string },
    inputs: readonly (Artifact | OutputDraft)[] = [],
    init: PublishInit = {},
  ): Promise<RunResult> {
    const opened = this.#publisher.open();
    if (opened) await opened;
    checkInit(init);
    if (!Array.isArray(inputs))
      throw new FlockError("invalid_request", "invoke takes a list: invoke(agent, [{ type, payload }])");
    const known = this.#orchestrator.agentNamed(typeof agent === "string" ? agent : agent.name);
    if (known.subscriptions.length > 0 && known.subscriptions.every(({ mode }) => mode === "events"))
      throw new FlockError("invalid_request", `${known.name} takes published artifacts only`);
    const correlationId = init.correlationId ?? workflowOf(inputs) ?? this.#orchestrator.ids();
    const artifacts = inputs.map((input) =>
      isArtifact(input)
        ? this.#publisher.known(input)
        : this.#publisher.make(input.type, input.payload, init, correlationId),
    );
    const workflow = this.#orchestrator.enter(correlationId);
    this.#publisher.limit(workflow, init.deadline);
    for (const artifact of artifacts) if (!this.board.get(artifact.id)) this.#orchestrator.show(artifact);
    const submitted = this.#orchestrator.activator.submit(known, artifacts, workflow, 0);
    const run = submitted instanceof Promise ? await submitted : submitted;
    return run.done;
  }

  /**
   * Stops a stream, a run or a workflow at once; what streamed so far is kept. Throws `not_found`, and `conflict` if
   * it is over already.
   */
  cancel(target: CancelTarget): boolean {
    const { kind, id } = soleTarget(target);
    const { calls, runs, workflows } = this.#orchestrator;
    const reason = new FlockError("cancelled", "It was stopped");
    if (kind === "streamId") calls.require(id).cancel(reason);
    else if (kind === "runId") this.#orchestrator.cancelRun(runs.require(id), reason);
    else this.#orchestrator.cancelWorkflow(workflows.require(id), reason);
    return true;
  }

  /** Sets schedules going, as the first publication does. */
  start(): this {
    this.#orchestrator.start();
    return this;
  }

  /** Resolves when nothing is running or scheduled; batches do not wait for more. Recurring schedules go on. */
  async runUntilIdle(): Promise<void> {
    await this.#orchestrator.start();
    await this.#orchestrator.workflows.untilIdle();
  }

  /**
   * Resolves true when the condition holds, false after `timeout` milliseconds; without a timeout, false when the
   * flock is idle, has no schedules, and the condition does not hold.
   */
  async runUntil(condition: ConditionLike, timeout?: number | { readonly timeout?: number }): Promise<boolean> {
    const wait = typeof timeout === "object" ? timeout.timeout : timeout;
    checkWait("The timeout of runUntil", wait);
    const goal = toCondition(condition);
    const started = this.#orchestrator.start();
    if (started) await started;
    const { board, clock, emitter, workflows, schedules } = this.#orchestrator;
    return runUntil({ board, clock, emitter, workflows, expecting: () => schedules.active }, goal, wait);
  }

  /**
   * Decides the mode (`dashboard` or `api`) and opens the service. What was published before stays on the board, and runs
   * that it set off go on in the context that they began in. Rejects with `conflict` if another mode is decided or the
   * flock is served already.
   */
  async serve(options: ServeOptions = {}): Promise<FlockService> {
    if (this.#serving) throw new FlockError("conflict", "This flock is served already: one serve() is enough");
    const start = serviceStarter(this.#options.serviceStarter);
    this.#orchestrator.mode.decide(options.dashboard ? RuntimeMode.DASHBOARD : RuntimeMode.API);
    this.#serving = true;
    try {
      await this.#orchestrator.start();
      this.#service = await start(this, options);
      this.#orchestrator.streams.catchUp();
      return this.#service;
    } catch (cause) {
      this.#serving = false;
      throw cause;
    }
  }

  /** Decides the mode: `cli`. Throws `conflict` if another is decided. */
  runScript(): this {
    this.#orchestrator.mode.decide(RuntimeMode.CLI);
    this.#orchestrator.start();
    return this;
  }

  /** Takes nothing new, lets runs end for at most `deadline` milliseconds, then stops them. */
  shutdown(options: { readonly deadline?: number } = {}): Promise<void> {
    checkWait("The deadline of shutdown", options.deadline);
    this.#shutdown ??= this.#close(options.deadline ?? SHUTDOWN_DEADLINE);
    return this.#shutdown;
  }

  async #close(deadline: number): Promise<void> {
    const { clock, workflows } = this.#orchestrator;
    this.#publisher.close();
    const reason = new FlockError("shutting_down", "The flock shut down");
    this.#orchestrator.close(reason);
    let timer: unknown;
    const late = new Promise<void>((resolve) => {
      timer = clock.setTimeout(() => {
        for (const workflow of workflows.open) this.#orchestrator.cancelWorkflow(workflow, reason);
        timer = clock.setTimeout(resolve, HOOK_GRACE);
      }, deadline);
    });
    await Promise.race([workflows.untilIdle(), late]);
    clock.clearTimeout(timer);
    await this.#orchestrator.notify((component) => withGrace(component.shutdown?.(this.context), clock));
    await this.#service?.close();
  }
}

function isArtifact(input: Artifact | OutputDraft): input is Artifact {
  return "correlationId" in input;
}

function workflowOf(inputs: readonly (Artifact | OutputDraft)[]): string | undefined {
  return inputs.find(isArtifact)?.correlationId;
}
