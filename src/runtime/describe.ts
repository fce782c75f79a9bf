import type { Flock, RuntimeMode } from "../core/index.js";
import type { FlockDefinition } from "../flockfile/index.js";
import type { HubDescription } from "../relay/index.js";
import { SERVER_NAME } from "./version.js";

/** What `hello` tells of a flock. */
export function describeFlock(flock: Flock, definition: FlockDefinition, mode: RuntimeMode): HubDescription {
  return {
    server: SERVER_NAME,
    runtime_mode: mode,
    agents: flock.agents.map((agent) => ({
      name: agent.name,
      description: agent.description,
      consumes: [...agent.consumes],
      publishes: [...agent.publishes],
      model: agent.model,
    })),
    artifact_types: Object.fromEntries(flock.artifactTypes.map((type) => [type.name, type.jsonSchema])),
    flock: {
      name: definition.name,
      sample: Object.fromEntries(definition.sample.map(({ type, payload }) => [type, payload])),
    },
  };
}
