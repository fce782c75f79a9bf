/** What nothing can trigger: an agent whose every subscription waits for an artifact that cannot reach it. */
import { type Artifact, EXTERNAL } from "../core/artifact.js";
import { visibleFrom } from "../core/visibility.js";
import type { Flow } from "./check-flow.js";
import type { AgentDefinition, SubscriptionDefinition } from "./definition.js";
import type { ReadAgent } from "./read-agents.js";

/** Artifacts of one type that may be there, from one output or from outside. */
interface Offer {
  readonly type: string;
  readonly producer: ReadAgent | typeof EXTERNAL;
  /** Whoever publishes from outside may set any tags. */
  readonly tags: readonly string[] | "any";
  readonly visibility: Artifact["visibility"];
}

interface Obstacle {
  readonly reason: string;
  readonly hint: string;
}

/** A warning at most: whatever an agent waits for may come from outside, and a program may invoke it. */
export function checkTriggers(flow: Flow): void {
  const { source, agents } = flow;
  const idle = untriggered(agents, outside(inputTypes(flow)));
  for (const agent of agents) {
    const { name } = agent.definition;
    const place = agent.nameField?.place ?? agent.field.place;
    const obstacles = idle.get(agent);
    if (obstacles !== undefined) {
      const reasons = [...new Set(obstacles.map(({ reason }) => reason))];
      source.faults.warning(place, `Nothing can trigger ${name}: ${reasons.join(" and ")}.`, obstacles[0]?.hint ?? "");
    } else if (isDirectOnly(agent.definition)) {
      source.faults.warning(
        place,
        `No artifact can trigger ${name}: all that it consumes has mode: direct.`,
        "That is fine if a program invokes it; else remove the mode.",
      );
    }
  }
}

/** The agents that nothing triggers where these artifacts come from outside, each with all that is in its way. */
function untriggered(agents: readonly ReadAgent[], input: readonly Offer[]): Map<ReadAgent, readonly Obstacle[]> {
  const offers = [...input];
  const waiting = new Set(agents);
  for (let size = -1; size !== waiting.size; ) {
    size = waiting.size;
    for (const agent of waiting) {
      if (!isTriggered(agent, offers)) continue;
      waiting.delete(agent);
      offers.push(...offersOf(agent));
    }
  }
  const obstacles = (agent: ReadAgent) =>
    listening(agent).flatMap((one) => one.types.flatMap((type) => obstacle(agent, one, type, offers) ?? []));
  return new Map([...waiting].filter((agent) => listening(agent).length > 0).map((agent) => [agent, obstacles(agent)]));
}

function listening({ definition }: ReadAgent): readonly SubscriptionDefinition[] {
  return definition.consumes.filter(({ mode }) => mode !== "direct");
}

function consumedTypes(agents: readonly ReadAgent[]): ReadonlySet<string> {
  return new Set(agents.flatMap(({ definition }) => definition.consumes.flatMap(({ types }) => types)));
}

/** Where nothing is named, the file leaves its input to whoever runs it: all that no agent makes, or all where that is nothing. */
function inputTypes({ agents, sample, input }: Flow): ReadonlySet<string> {
  const consumed = consumedTypes(agents);
  if (input === "any") return consumed;
  const named = new Set([...sample.map(({ type }) => type), ...input]);
  if (named.size > 0) return named;
  const made = new Set(agents.flatMap(({ definition }) => definition.publishes.flatMap(({ types }) => types)));
  const unmade = new Set([...consumed].filter((type) => !made.has(type)));
  return unmade.size > 0 ? unmade : consumed;
}

function outside(types: ReadonlySet<string>): Offer[] {
  return [...types].map((type) => ({ type, producer: EXTERNAL, tags: "any", visibility: { kind: "public" } }));
}

function offersOf(agent: ReadAgent): Offer[] {
  return agent.definition.publishes.flatMap(({ types, tags, visibility }) =>
    types.map((type) => ({ type, producer: agent, tags, visibility })),
  );
}

function isDirectOnly({ consumes, schedule }: AgentDefinition): boolean {
  return schedule === undefined && consumes.length > 0 && consumes.every(({ mode }) => mode === "direct");
}

function isTriggered(agent: ReadAgent, offers: readonly Offer[]): boolean {
  if (agent.definition.schedule !== undefined || isDirectOnly(agent.definition)) return true;
  return listening(agent).some((one) => one.types.every((type) => obstacle(agent, one, type, offers) === undefined));
}

/** Why no artifact of this type is taken by the subscription; undefined if one may be. */
function obstacle(
  agent: ReadAgent,
  subscription: SubscriptionDefinition,
  type: string,
  offers: readonly Offer[],
): Obstacle | undefined {
  const sent = offers.filter((offer) => offer.type === type && listensTo(agent, subscription, offer.producer));
  if (sent.length === 0) {
    const { fromAgents } = subscription;
    const hint =
      fromAgents === undefined || fromAgents.includes(EXTERNAL)
        ? "Publish it from an agent, add it under publish:, or give it as input."
        : `Let one of from_agents publish it: ${fromAgents.join(", ")}.`;
    return { reason: `${type} never reaches it`, hint };
  }
  const seen = sent.filter(({ visibility }) => canSee(agent.definition, visibility));
  if (seen.length === 0) {
    return { reason: `every ${type} is hidden from it`, hint: "Let its visibility include this agent." };
  }
  const { tags: wanted = [] } = subscription;
  // An empty list is told as such.
  if (wanted.length === 0 || seen.some(({ tags }) => tags === "any" || tags.some((tag) => wanted.includes(tag)))) {
    return undefined;
  }
  const words = wanted.join(", ");
  return { reason: `no ${type} has a tag of ${words}`, hint: `Put tags: [${words}] on the output that makes it.` };
}

function listensTo(agent: ReadAgent, subscription: SubscriptionDefinition, producer: Offer["producer"]): boolean {
  if (producer === agent && agent.definition.preventSelfTrigger !== false) return false;
  const name = producer === EXTERNAL ? producer : producer.definition.name;
  return subscription.fromAgents?.includes(name) ?? true;
}

function canSee({ name, labels, tenant }: AgentDefinition, visibility: Artifact["visibility"]): boolean {
  const shown: Artifact = {
    id: "",
    type: "",
    payload: undefined,
    producedBy: "",
    correlationId: "",
    tags: [],
    visibility,
    version: 1,
    createdAt: 0,
  };
  return visibleFrom(shown, { name, labels, tenant }) !== undefined;
}

/** Whether what `from` publishes may set off `agent`. */
export function triggers(from: ReadAgent, agent: ReadAgent): boolean {
  const offers = offersOf(from);
  return listening(agent).some((one) => one.types.some((type) => obstacle(agent, one, type, offers) === undefined));
}
