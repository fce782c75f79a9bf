/**
 * The places of tiles. A workflow reserves one place for every agent that its first artifact can reach, in the flock's
 * order; a stream takes its agent's first free place, or a new one at the end. So nothing ever moves.
 */
import type { AgentInfo } from "../../protocol/messages.js";

export interface Slot {
  /** Stable over workflows and sessions, so that layouts can be remembered: `editor#0`. */
  readonly key: string;
  readonly agent: string;
  readonly workflowId: string;
  /** Null while the agent waits for its inputs. */
  readonly streamId: string | null;
}

/** The agents that artifacts of `types` can set off, directly or through others, in the order of `agents`. */
export function reachableAgents(agents: readonly AgentInfo[], types: Iterable<string>): readonly AgentInfo[] {
  const known = new Set(types);
  const reached = new Set<AgentInfo>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const agent of agents) {
      if (reached.has(agent) || !agent.consumes.some((type) => known.has(type))) continue;
      reached.add(agent);
      grew = true;
      for (const type of agent.publishes) known.add(type);
    }
  }
  return agents.filter((agent) => reached.has(agent));
}

/** One more than the highest of the agent's places: those that were given up leave gaps, and no two may be called alike. */
function ordinal(slots: readonly Slot[], agent: string): number {
  const mine = slots.filter((slot) => slot.agent === agent);
  return Math.max(-1, ...mine.map(({ key }) => Number(key.slice(agent.length + 1)))) + 1;
}

/** Adds a free place for each agent that has none yet. */
export function reserveSlots(
  slots: readonly Slot[],
  workflowId: string,
  agents: readonly AgentInfo[],
): readonly Slot[] {
  const have = new Set(slots.map((slot) => slot.agent));
  const missing = agents.filter((agent) => !have.has(agent.name));
  if (missing.length === 0) return slots;
  return [
    ...slots,
    ...missing.map((agent) => ({ key: `${agent.name}#0`, agent: agent.name, workflowId, streamId: null })),
  ];
}

export function takeSlot(slots: readonly Slot[], workflowId: string, agent: string, streamId: string): readonly Slot[] {
  if (slots.some((slot) => slot.streamId === streamId)) return slots;
  const free = slots.findIndex((slot) => slot.agent === agent && slot.streamId === null);
  if (free === -1) {
    const key = `${agent}#${ordinal(slots, agent)}`;
    return [...slots, { key, agent, workflowId, streamId }];
  }
  return slots.map((slot, at) => (at === free ? { ...slot, streamId } : slot));
}

/** Gives up the places that nothing took. */
export function releaseSlots(slots: readonly Slot[]): readonly Slot[] {
  return slots.some((slot) => slot.streamId === null) ? slots.filter((slot) => slot.streamId !== null) : slots;
}
