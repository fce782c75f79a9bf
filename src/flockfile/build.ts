import { Flock, type FlockOptions } from "../core/index.js";
import { buildAgent } from "./build-agent.js";
import type { FlockDefinition } from "./definition.js";

/**
 * Makes the flock that the file describes. The runtime mode comes from `options` alone; `options.model` stands in for
 * every model that the file names.
 */
export function buildFlock(definition: FlockDefinition, options: FlockOptions = {}): Flock {
  const flock = new Flock({ ...options, model: options.model ?? definition.model });
  for (const type of definition.types) flock.registerType(type);
  for (const agent of definition.agents) {
    buildAgent(flock.agent(agent.name), options.model === undefined ? agent : { ...agent, model: options.model });
  }
  return flock;
}
