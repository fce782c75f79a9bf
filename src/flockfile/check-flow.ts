/** Faults of the whole: what nobody uses, what goes in circles. */
import { checkTriggers, triggers } from "./check-triggers.js";
import type { AgentDefinition } from "./definition.js";
import type { ReadAgent } from "./read-agents.js";
import type { ReadSample } from "./read-sample.js";
import type { Field, Source } from "./source.js";

export interface Flow {
  readonly source: Source;
  readonly agents: readonly ReadAgent[];
  readonly sample: readonly ReadSample[];
  readonly typeFields: readonly Field[];
  /** The types that come from outside beside the sample; `any`: all of them. */
  readonly input: readonly string[] | "any";
  /** Also tell what is there for nothing. */
  readonly strict: boolean;
}

export function checkFlow(flow: Flow): void {
  checkTriggers(flow);
  checkUse(flow);
  checkCycles(flow);
}

const place = (agent: ReadAgent) => agent.nameField?.place ?? agent.field.place;

function published(agent: AgentDefinition): string[] {
  return agent.publishes.flatMap((output) => output.types);
}

function checkUse({ source, agents, sample, typeFields, strict }: Flow): void {
  const consumed = new Set(agents.flatMap((agent) => agent.definition.consumes.flatMap((one) => one.types)));
  const made = new Set([...agents.flatMap((agent) => published(agent.definition)), ...sample.map((one) => one.type)]);
  for (const type of typeFields) {
    if (consumed.has(type.key)) continue;
    if (!made.has(type.key))
      source.faults.warning(type.keyNode, `Nobody consumes or publishes ${type.key}.`, "Use it, or remove it.");
    else if (sample.some((one) => one.type === type.key)) {
      source.faults.warning(
        type.keyNode,
        `Nobody consumes ${type.key}, though it is in the sample.`,
        "Add it to an agent's consumes.",
      );
    } else if (strict) {
      source.faults.warning(type.keyNode, `Nobody consumes ${type.key}.`, "That is fine if it is the flock's result.");
    }
  }
}

/** Each set of agents that trigger each other in a circle, once. */
function checkCycles({ source, agents }: Flow): void {
  const next = circular(triggered(agents));
  const reported = new Set<ReadAgent>();
  for (const start of next.keys()) {
    if (reported.has(start)) continue;
    const path = shortestPathBack(start, next);
    if (path === undefined) continue;
    for (const agent of path) reported.add(agent);
    const names = [...path, start].map((agent) => agent.definition.name).join(" → ");
    source.faults.warning(
      place(start),
      `These agents trigger each other: ${names}.`,
      "The circuit breaker stops them after 1000 activations; a where: that ends the circle is better.",
    );
  }
}

type Edges = ReadonlyMap<ReadAgent, ReadonlySet<ReadAgent>>;

/** Whom each agent's artifacts may set off. */
function triggered(agents: readonly ReadAgent[]): Edges {
  const consumers = new Map<string, Set<ReadAgent>>();
  for (const agent of agents) {
    for (const type of agent.definition.consumes.flatMap(({ types }) => types)) {
      consumers.set(type, (consumers.get(type) ?? new Set()).add(agent));
    }
  }
  const targets = (from: ReadAgent) =>
    published(from.definition)
      .flatMap((type) => [...(consumers.get(type) ?? [])])
      .filter((agent) => triggers(from, agent));
  return new Map(agents.map((from) => [from, new Set(targets(from))]));
}

/** Leaves out, again and again, agents that nobody left triggers or that trigger nobody left: circles remain. */
function circular(edges: Edges): Edges {
  const left = new Map(edges);
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    const set = new Set([...left.values()].flatMap((targets) => [...targets].filter((target) => left.has(target))));
    for (const [agent, targets] of left) {
      if (!set.has(agent) || ![...targets].some((target) => left.has(target))) left.delete(agent);
    }
  }
  return left;
}

function shortestPathBack(start: ReadAgent, next: Edges): readonly ReadAgent[] | undefined {
  const queue: (readonly ReadAgent[])[] = [[start]];
  const seen = new Set<ReadAgent>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1);
    for (const agent of (last && next.get(last)) ?? []) {
      if (agent === start) return path;
      if (seen.has(agent)) continue;
      seen.add(agent);
      queue.push([...path, agent]);
    }
  }
  return undefined;
}
