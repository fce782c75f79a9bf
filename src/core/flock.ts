import type { AgentInfo } from "./agent.js";
import type { AgentBuilder } from "./agent-builder.js";
import type { Artifact, Visibility } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import type { TypedArtifactType } from "./artifact-types.js";
import type { Blackboard } from "./blackboard.js";
import type { CancelTarget } from "./cancel.js";
import type { Context } from "./context.js";
import type { FlockListener } from "./events.js";
import type { FlockOptions } from "./flock-options.js";
import { Orchestrator } from "./orchestrator.js";
import type { RunResult } from "./run.js";
import { RuntimeMode } from "./runtime-mode.js";
import { type FlockService, type ServeOptions, serviceStarter } from "./serve.js";
import type { WorkflowInfo } from "./workflow.js";

export interface PublishInit {
  readonly tags?: readonly string[];
  /** The workflow to publish into; a new one otherwise. */
  readonly correlationId?: string;
  /** Default public. */
  readonly visibility?: Visibility;
  /** Default 1. */
  readonly version?: number;
}

/** A blackboard, the agents around it, and what makes them run. */
export class Flock {
  readonly #options: FlockOptions;
  readonly #orchestrator: Orchestrator;
  #service: FlockService | undefined;

  constructor(options: FlockOptions = {}) {
    this.#options = options;
    this.#orchestrator = new Orchestrator(options);
  }

  /** Frozen; its runtime mode is the flock's. */
  get context(): Context {
    return this.#orchestrator.context;
  }

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
    return this.#orchestrator.artifactTypes;
  }

  /** Every artifact, whatever its visibility. */
  get board(): Blackboard {
    return this.#orchestrator.board;
  }

  /** The running ones, and the last thousand that are over. */
  get workflows(): readonly WorkflowInfo[] {
    return this.#orchestrator.workflows.known;
  }

  /** Throws `conflict` if another type has the name. */
  registerType(type: ArtifactType): this {
    this.#orchestrator.registerType(type);
    return this;
  }

  /** A new agent; throws `conflict` if the name is taken. */
  agent(name: string): AgentBuilder {
    return this.#orchestrator.addAgent(name);
  }

  /** Returns what takes the listener off again. Listeners must be quick. */
  on(listener: FlockListener): () => void {
    return this.#orchestrator.emitter.on(listener);
  }

  /**
   * Puts an artifact on the board and sets off what listens to it. Throws `unknown_type`, `invalid_payload`,
   * `shutting_down`.
   */
  async publish<Payload>(
    type: TypedArtifactType<Payload> | ArtifactType | string,
    payload: NoInfer<Payload> | unknown,
    init: PublishInit = {},
  ): Promise<Artifact> {
    return this.#orchestrator.publish(type, payload, init);
  }

  /**
   * Runs one agent on these artifacts, past its gates. Resolves when the run is over; a failed run is data. Throws
   * `not_found`, and `invalid_request` if the agent takes events only.
   */
  async invoke(agent: string | AgentInfo | AgentBuilder, artifacts: readonly Artifact[] = []): Promise<RunResult> {
    return this.#orchestrator.invoke(nameOf(agent), artifacts);
  }

  /**
   * Stops a stream, a run or a workflow at once; what streamed so far is kept. Throws `not_found`, and `conflict` if
   * it is over already.
   */
  cancel(target: CancelTarget): boolean {
    return this.#orchestrator.cancel(target);
  }

  /** Resolves when nothing is running or scheduled; batches do not wait for more. Schedules go on. */
  async runUntilIdle(): Promise<void> {
    this.#orchestrator.start();
    await this.#orchestrator.workflows.untilIdle();
  }

  /** Decides the mode (`dashboard` or `api`) and opens the service. Throws `conflict` if the mode is decided otherwise. */
  async serve(options: ServeOptions = {}): Promise<FlockService> {
    const start = serviceStarter(this.#options.serviceStarter);
    this.#orchestrator.decideMode(options.dashboard ? RuntimeMode.DASHBOARD : RuntimeMode.API);
    this.#orchestrator.start();
    this.#service = await start(this, options);
    return this.#service;
  }

  /** Decides the mode: `cli`. Throws `conflict` if it is decided otherwise. */
  runScript(): this {
    this.#orchestrator.decideMode(RuntimeMode.CLI);
    this.#orchestrator.start();
    return this;
  }

  /** Takes nothing new, lets runs end for at most `deadline` milliseconds, then stops them. */
  async shutdown(options: { readonly deadline?: number } = {}): Promise<void> {
    await this.#orchestrator.shutdown(options.deadline);
    await this.#service?.close();
    this.#service = undefined;
  }
}

function nameOf(agent: string | AgentInfo | AgentBuilder): string {
  return typeof agent === "string" ? agent : agent.name;
}
