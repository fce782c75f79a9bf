import type { Agent } from "./agent.js";
import type { Engine } from "./engine.js";
import { FlockError } from "./errors.js";
import type { FlockOptions } from "./flock-options.js";
import { functionEngine } from "./function-engine.js";

/** Finds the engines of agents, each when it is first needed. */
export class EngineBook {
  readonly #options: FlockOptions;
  readonly #known = new Map<Agent, readonly Engine[]>();

  constructor(options: FlockOptions) {
    this.#options = options;
  }

  /** Throws `unknown_model`, `missing_key`; what could not be found is looked for again next time. */
  of(agent: Agent): readonly Engine[] {
    if (agent.engines.length > 0) return agent.engines;
    const known = this.#known.get(agent);
    if (known) return known;
    const engines = [this.#find(agent)];
    this.#known.set(agent, engines);
    return engines;
  }

  #find(agent: Agent): Engine {
    const { engine, resolveEngine, model } = this.#options;
    if (agent.work && agent.ownModel === undefined) return functionEngine(agent.work);
    if (agent.ownModel !== undefined && resolveEngine) return resolveEngine(agent.ownModel);
    if (engine) return engine;
    const wanted = agent.ownModel ?? model;
    if (wanted === undefined) throw new FlockError("unknown_model", `${agent.name} has neither an engine nor a model`);
    if (!resolveEngine) throw new FlockError("unknown_model", `Nothing here knows the model ${wanted}`);
    return resolveEngine(wanted);
  }
}
