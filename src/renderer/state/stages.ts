import type { AgentInfo } from "../../protocol/messages.js";

/** Agents by how far from the input they are: those that consume what nobody publishes come first. */
export function stages(agents: readonly AgentInfo[]): readonly (readonly AgentInfo[])[] {
  const produced = new Set(agents.flatMap((agent) => agent.publishes));
  const known = new Set(agents.flatMap((agent) => agent.consumes).filter((type) => !produced.has(type)));
  const left = new Set(agents);
  const found: AgentInfo[][] = [];
  while (left.size > 0) {
    const ready = [...left].filter((agent) => agent.consumes.every((type) => known.has(type)));
    const stage = ready.length > 0 ? ready : [...left];
    found.push(stage);
    for (const agent of stage) {
      left.delete(agent);
      for (const type of agent.publishes) known.add(type);
    }
  }
  return found;
}
