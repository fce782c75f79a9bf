/** The flock as a graph: agents, and the artifact types that they pass to each other. Pure. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { AgentInfo } from "../../protocol/messages.js";

export interface GraphNode {
  readonly id: string;
  readonly kind: "agent" | "type";
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** The agent that this edge belongs to. */
  readonly agent: string;
}

export const AGENT_SIZE = { width: 208, height: 60 } as const;
export const TYPE_SIZE = { width: 132, height: 36 } as const;

/** An agent stands beside what it consumes, so that those that start together stand together. */
const INPUT_WEIGHT = 4;

export const agentId = (name: string) => `agent:${name}`;
export const typeId = (name: string) => `type:${name}`;

/** Nodes with their places and in their order, from the input on the left to the results on the right. */
export function flockGraph(agents: readonly AgentInfo[]): {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
} {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 64 });
  graph.setDefaultEdgeLabel(() => ({}));
  const found = new Map<string, Omit<GraphNode, "x" | "y">>();
  const edges: GraphEdge[] = [];
  const node = (id: string, kind: GraphNode["kind"], name: string) => {
    if (found.has(id)) return;
    const size = kind === "agent" ? AGENT_SIZE : TYPE_SIZE;
    found.set(id, { id, kind, name, ...size });
    graph.setNode(id, { ...size });
  };
  const edge = (source: string, target: string, agent: string, weight: number) => {
    const id = `${source}>${target}`;
    if (edges.some((other) => other.id === id)) return;
    edges.push({ id, source, target, agent });
    graph.setEdge(source, target, { weight });
  };
  // The layout puts what comes last on top.
  for (const agent of [...agents].reverse()) {
    node(agentId(agent.name), "agent", agent.name);
    for (const type of agent.consumes) {
      node(typeId(type), "type", type);
      edge(typeId(type), agentId(agent.name), agent.name, INPUT_WEIGHT);
    }
    for (const type of agent.publishes) {
      node(typeId(type), "type", type);
      edge(agentId(agent.name), typeId(type), agent.name, 1);
    }
  }
  layout(graph);
  const nodes = [...found.values()].map((entry) => {
    const placed = graph.node(entry.id);
    return { ...entry, x: (placed.x ?? 0) - entry.width / 2, y: (placed.y ?? 0) - entry.height / 2 };
  });
  return { nodes: nodes.sort((a, b) => a.x - b.x || a.y - b.y), edges };
}
