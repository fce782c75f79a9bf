import { type Engine, Flock, type FlockOptions } from "../core/index.js";
import { buildAgent } from "./build-agent.js";
import type { AgentDefinition, FlockDefinition } from "./definition.js";

export interface BuildFlockOptions extends FlockOptions {
  /** The engine of one agent, such as one that has tools; undefined where its model alone decides. */
  readonly engineOf?: (agent: AgentDefinition) => Engine | undefined;
}

/**
 * Makes the flock that the file describes. The runtime mode comes from `options` alone; `options.model` stands in for
 * every model that the file names, and its limits for those of the file.
 */
export function buildFlock(definition: FlockDefinition, options: BuildFlockOptions = {}): Flock {
  const { engineOf, ...flockOptions } = options;
  const maxConcurrency = options.maxConcurrency ?? definition.maxConcurrency;
  const limits = Object.entries(definition.providerLimits).map(([name, calls]) => [name, { maxConcurrency: calls }]);
  const flock = new Flock({
    ...flockOptions,
    model: options.model ?? definition.model,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    providerLimits: { ...Object.fromEntries(limits), ...options.providerLimits },
  });
  for (const type of definition.types) flock.registerType(type);
  for (const agent of definition.agents) {
    const chosen = options.model === undefined ? agent : { ...agent, model: options.model };
    const builder = flock.agent(agent.name);
    buildAgent(builder, chosen);
    const engine = engineOf?.(chosen);
    if (engine !== undefined) builder.withEngine(engine);
  }
  return flock;
}
