import type { AgentComponent } from "./component.js";
import type { Context } from "./context.js";
import type { AgentTool, Engine, EvalInputs, EvalResult } from "./engine.js";
import type { StepFunction } from "./function-engine.js";
import type { OutputGroup } from "./output-group.js";
import type { Schedule } from "./schedule.js";
import type { Subscription } from "./subscription.js";

/** What the outside may know of an agent. */
export interface AgentInfo {
  readonly name: string;
  readonly description: string;
  /** Type names, each once. */
  readonly consumes: readonly string[];
  readonly publishes: readonly string[];
  /** PROVIDER/MODEL, or the engine's name where an engine was given. */
  readonly model: string;
  readonly labels: readonly string[];
  readonly tenant: string | undefined;
  /** What the agent runs in: frozen, with the board as the agent may see it. */
  readonly context: Context;
}

/** Higher is better. Ties go to the earlier candidate. */
export type Scorer = (result: EvalResult, inputs: EvalInputs) => number | Promise<number>;

/** What an agent has of its flock. */
export interface AgentHost {
  defaultModel(): string | undefined;
  contextOf(agent: Agent): Context;
}

/** One agent as the orchestrator knows it; `AgentBuilder` is what writes it. */
export class Agent implements AgentInfo {
  readonly name: string;
  description = "";
  readonly subscriptions: Subscription[] = [];
  readonly outputs: OutputGroup[] = [];
  maxConcurrency = 2;
  labels: readonly string[] = [];
  tenant: string | undefined;
  preventSelfTrigger = true;
  engines: readonly Engine[] = [];
  readonly components: AgentComponent[] = [];
  readonly tools: AgentTool[] = [];
  bestOf: { readonly candidates: number; readonly scorer: Scorer } | undefined;
  readonly schedules: Schedule[] = [];
  /** Milliseconds that one run may take. */
  deadline: number | undefined;
  ownModel: string | undefined;
  /** A plain function that is the agent's work where it has neither engine nor model of its own. */
  work: StepFunction | undefined;
  readonly #host: AgentHost;

  constructor(name: string, host: AgentHost) {
    this.name = name;
    this.#host = host;
  }

  get context(): Context {
    return this.#host.contextOf(this);
  }

  get consumes(): readonly string[] {
    return [...new Set(this.subscriptions.flatMap((subscription) => [...subscription.counts.keys()]))];
  }

  get publishes(): readonly string[] {
    return [...new Set(this.outputs.flatMap((group) => group.types))];
  }

  get model(): string {
    if (this.ownModel !== undefined) return this.ownModel;
    if (this.engines.length > 0) return this.engines.map((engine) => engine.name).join(" + ");
    if (this.work) return this.work.name || "function";
    return this.#host.defaultModel() ?? "";
  }
}
