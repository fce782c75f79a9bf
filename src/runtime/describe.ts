import type { Flock } from "../core/index.js";
import type { HubDescription } from "../relay/index.js";
import { SERVER_NAME } from "./version.js";

/** What a flock is called, and the input that viewers are offered to publish. */
export interface FlockTitle {
  readonly name: string;
  readonly sample: readonly { readonly type: string; readonly payload: unknown }[];
}

/** What `hello` tells of a flock. */
export function describeFlock(flock: Flock, { name, sample }: FlockTitle): HubDescription {
  return {
    server: SERVER_NAME,
    runtime_mode: flock.context.runtimeMode,
    agents: flock.agents.map((agent) => ({
      name: agent.name,
      description: agent.description,
      consumes: [...agent.consumes],
      publishes: [...agent.publishes],
      model: agent.model,
    })),
    artifact_types: Object.fromEntries(flock.artifactTypes.map((type) => [type.name, type.jsonSchema])),
    flock: flockField(name, sample),
  };
}

/** `sample` has one payload of each type, for a form; `samples` is all of the input, which belongs into one workflow. */
function flockField(name: string, samples: FlockTitle["sample"]) {
  return {
    name,
    sample: Object.fromEntries(samples.map(({ type, payload }) => [type, payload])),
    samples: samples.map(({ type, payload }) => ({ type, payload })),
  };
}
