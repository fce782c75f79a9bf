import type { Agent, AgentInfo, Scorer } from "./agent.js";
import type { ArtifactType } from "./artifact-type.js";
import type { TypedArtifactType } from "./artifact-types.js";
import { checkConsumeOptions, checkPublishOptions } from "./check-options.js";
import { checkCount, checkFunction, checkLimit, checkMilliseconds } from "./checks.js";
import type { AgentComponent } from "./component.js";
import type { Context } from "./context.js";
import type { AgentTool, Engine } from "./engine.js";
import { FlockError } from "./errors.js";
import { functionEngine, type StepFunction } from "./function-engine.js";
import { makeOutputGroup, type PublishOptions } from "./output-group.js";
import type { Schedule } from "./schedule.js";
import { checkSchedule } from "./schedule-book.js";
import { type ConsumeOptions, makeSubscription, type Subscription } from "./subscription.js";

type TypeOr<Options> = ArtifactType | string | Options;

/** What a builder needs of its flock. */
export interface BuilderHost {
  registerType(type: ArtifactType): void;
  subscribed(agent: Agent, subscription: Subscription): void;
  scheduled(agent: Agent, schedule: Schedule): void;
}

/** Says what an agent does; every call returns the builder. */
export class AgentBuilder {
  readonly #agent: Agent;
  readonly #host: BuilderHost;

  constructor(agent: Agent, host: BuilderHost) {
    this.#agent = agent;
    this.#host = host;
  }

  get name(): string {
    return this.#agent.name;
  }

  get info(): AgentInfo {
    return this.#agent;
  }

  /** Frozen, with the board as the agent may see it; `agent.context.runtimeMode` is the flock's. */
  get context(): Context {
    return this.#agent.context;
  }

  description(text: string): this {
    this.#agent.description = text;
    return this;
  }

  /**
   * Types of one call are consumed together (AND), a repeated type counts; another call is another subscription (OR).
   * The last argument may be options.
   */
  consumes<Payload>(type: TypedArtifactType<Payload>, options: ConsumeOptions<Payload>): this;
  consumes(...typesAndOptions: readonly TypeOr<ConsumeOptions>[]): this;
  consumes(...typesAndOptions: readonly TypeOr<ConsumeOptions>[]): this {
    const { types, options } = this.#split(typesAndOptions, "consumes");
    checkConsumeOptions(this.name, types, options);
    const subscription = makeSubscription(this.name, this.#agent.subscriptions.length, types, options);
    this.#agent.subscriptions.push(subscription);
    this.#host.subscribed(this.#agent, subscription);
    return this;
  }

  /** Each call is one output group: one engine call, one stream. The last argument may be options. */
  publishes(...typesAndOptions: readonly TypeOr<PublishOptions>[]): this {
    const { types, options } = this.#split(typesAndOptions, "publishes");
    checkPublishOptions(this.name, options);
    this.#agent.outputs.push(makeOutputGroup(types, options));
    return this;
  }

  /** How many runs of this agent may be under way at once. Default 2. */
  maxConcurrency(runs: number): this {
    checkLimit(`${this.name}: maxConcurrency`, runs);
    this.#agent.maxConcurrency = runs;
    return this;
  }

  /**
   * A function is the agent's work if it has neither an engine nor a model of its own. Tools are what its engine may
   * call.
   */
  calls(work: StepFunction): this;
  calls(...tools: readonly AgentTool[]): this;
  calls(...given: readonly (AgentTool | StepFunction)[]): this {
    for (const item of given) {
      if (typeof item === "function") this.#agent.work = item;
      else this.#agent.tools.push(item);
    }
    return this;
  }

  labels(...labels: readonly string[]): this {
    this.#agent.labels = labels;
    return this;
  }

  tenant(tenant: string): this {
    this.#agent.tenant = tenant;
    return this;
  }

  /** Whether the agent's own artifacts leave it alone. Default true. */
  preventSelfTrigger(prevent: boolean): this {
    this.#agent.preventSelfTrigger = prevent;
    return this;
  }

  /** PROVIDER/MODEL; the flock's model otherwise. */
  model(id: string): this {
    this.#agent.ownModel = id;
    return this;
  }

  /** Several engines form a chain: each gets the outputs of the one before. A function is a deterministic step. */
  withEngine(...engines: readonly (Engine | StepFunction)[]): this {
    this.#agent.engines = engines.map((engine) => (typeof engine === "function" ? functionEngine(engine) : engine));
    return this;
  }

  withComponents(...components: readonly AgentComponent[]): this {
    this.#agent.components.push(...components);
    return this;
  }

  /** Asks the engine `candidates` times at once and publishes the result with the highest score. */
  bestOf(candidates: number, scorer: Scorer): this {
    checkCount(`${this.name}: bestOf`, candidates);
    checkFunction(`${this.name}: the scorer of bestOf`, "({ outputs }) => outputs.length", scorer);
    this.#agent.bestOf = { candidates, scorer };
    return this;
  }

  /** Runs the agent by the clock, each time in a workflow of its own. */
  schedule(schedule: Schedule): this {
    checkSchedule(this.name, schedule);
    this.#agent.schedules.push(schedule);
    this.#host.scheduled(this.#agent, schedule);
    return this;
  }

  /** Milliseconds after which a run is stopped and counts as failed with `timeout`. */
  deadline(ms: number): this {
    checkMilliseconds(`${this.name}: deadline`, ms);
    this.#agent.deadline = ms;
    return this;
  }

  #split<Options>(args: readonly TypeOr<Options>[], call: string): { types: readonly string[]; options: Options } {
    const last = args.at(-1);
    const isOptions = args.length > 0 && typeof last !== "string" && !isArtifactType(last);
    const named = isOptions ? args.slice(0, -1) : args;
    const types = named.map((arg) => {
      if (typeof arg === "string") return arg;
      if (isArtifactType(arg)) return arg.name;
      throw new FlockError(
        "invalid_request",
        `${this.name}: ${call} takes artifact types, or their names, and at most one object of options, which comes last`,
      );
    });
    if (types.length === 0) throw new FlockError("invalid_request", `${this.name}: ${call} needs at least one type`);
    for (const arg of named) if (isArtifactType(arg)) this.#host.registerType(arg);
    return { types, options: (isOptions && last !== undefined ? last : {}) as Options };
  }
}

function isArtifactType(value: unknown): value is ArtifactType {
  return typeof value === "object" && value !== null && "jsonSchema" in value && "check" in value;
}
