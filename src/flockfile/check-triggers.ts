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

export function checkTriggers({ source, agents, sample, strict }: Flow): void {
  const offers = outsideOffers(agents, new Set(sample.map(({ type }) => type)));
  const waiting = new Set(agents);
  for (let size = -1; size !== waiting.size; ) {
    size = waiting.size;
    for (const agent of waiting) {
      if (!isTriggered(agent, offers)) continue;
      waiting.delete(agent);
      offers.push(...offersOf(agent));
    }
  }
  for (const agent of agents) {
    const { name, consumes } = agent.definition;
    const place = agent.nameField?.place ?? agent.field.place;
    const listening = consumes.filter(({ mode }) => mode !== "direct");
    if (waiting.has(agent) && listening.length > 0) {
      const obstacles = listening.flatMap((one) =>
        one.types.flatMap((type) => obstacle(agent, one, type, offers) ?? []),
      );
      const reasons = [...new Set(obstacles.map(({ reason }) => reason))];
      const message = `Nothing can trigger ${name}: ${reasons.join(" and ")}.`;
      const hint = obstacles[0]?.hint ?? "";
      if (strict) source.faults.error(place, message, hint);
      else source.faults.warning(place, message, hint);
    } else if (isDirectOnly(agent.definition)) {
      source.faults.warning(
        place,
        `No artifact can trigger ${name}: all that it consumes has mode: direct.`,
        "That is fine if a program invokes it; else remove the mode.",
      );
    }
  }
}

/** Without a sample the file leaves its input to whoever runs it: all that no agent makes, or all where that is nothing. */
function outsideOffers(agents: readonly ReadAgent[], sample: ReadonlySet<string>): Offer[] {
  const made = new Set(agents.flatMap(({ definition }) => definition.publishes.flatMap(({ types }) => types)));
  const consumed = new Set(agents.flatMap(({ definition }) => definition.consumes.flatMap(({ types }) => types)));
  const unmade = [...consumed].filter((type) => !made.has(type));
  const fallback = unmade.length > 0 ? unmade : consumed;
  const types = sample.size > 0 ? sample : fallback;
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
  const { consumes, schedule } = agent.definition;
  if (schedule !== undefined || isDirectOnly(agent.definition)) return true;
  return consumes.some(
    (one) => one.mode !== "direct" && one.types.every((type) => obstacle(agent, one, type, offers) === undefined),
  );
}

/** Why no artifact of this type is taken by the subscription; undefined if one may be. */
function obstacle(
  agent: ReadAgent,
  subscription: SubscriptionDefinition,
  type: string,
  offers: readonly Offer[],
): { readonly reason: string; readonly hint: string } | undefined {
  const sent = offers.filter((offer) => offer.type === type && listensTo(agent, subscription, offer.producer));
  if (sent.length === 0) {
    return { reason: `${type} never reaches it`, hint: "Publish it from an agent, or add it under publish:." };
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
  return agent.definition.consumes.some(
    (one) => one.mode !== "direct" && one.types.some((type) => obstacle(agent, one, type, offers) === undefined),
  );
}
