import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  type FitViewOptions,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { useAtomValue, useSetAtom } from "jotai/react";
import { type FocusEvent, memo, type ReactNode, useMemo } from "react";
import { useSession } from "../app-context.js";
import { artifactsAtom, cutOffAtom, helloAtom, runIdsAtom, totalsAtom } from "../state/atoms.js";
import { filterAtom, NO_FILTER, openArtifactAtom, viewAtom } from "../state/interface.js";
import { shapeSeen } from "../state/shape.js";
import { count, shortModel } from "../ui/format.js";
import { type Shape, StateIcon } from "../ui/state-icon.js";
import { flockGraph, type GraphNode } from "./flock-graph.js";
import "@xyflow/react/dist/style.css";
import "./graph.css";

const NARROW_PX = 640;

const nodeTypes = { agent: memo(AgentNode), type: memo(TypeNode) };

/** Agents and artifact types, and what moves among them now. */
export function GraphView(): ReactNode {
  const agents = useAtomValue(helloAtom)?.agents;
  const totals = useAtomValue(totalsAtom);
  const cutOff = useAtomValue(cutOffAtom);
  const session = useSession();
  const { nodes, edges } = useMemo(() => flockGraph(agents ?? []), [agents]);
  const flowNodes = useMemo<Node[]>(
    () =>
      nodes.map(({ id, kind, name, x, y, width, height }) => ({
        id,
        type: kind,
        position: { x, y },
        width,
        height,
        data: { name },
      })),
    [nodes],
  );
  // Another flock is fitted anew; the same one, told again, leaves the view where the reader moved it.
  const shape = [...nodes, ...edges].map(({ id }) => id).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the totals tell when an agent begins or ends
  const flowEdges = useMemo<Edge[]>(
    () =>
      edges.map(({ id, source, target, agent }) => ({
        id,
        source,
        target,
        className: !cutOff && (session.view.agents.get(agent)?.running ?? 0) > 0 ? "graph-edge-live" : "",
        focusable: false,
      })),
    [edges, totals, cutOff, session],
  );
  if (nodes.length === 0) {
    return (
      <div className="empty">
        <p className="empty-title">This flock has no agents</p>
      </div>
    );
  }
  return (
    <div className="graph">
      <ReactFlow
        nodes={flowNodes}
        edges={flowEdges}
        nodeTypes={nodeTypes}
        key={shape}
        nodesFocusable={false}
        fitView
        fitViewOptions={fitOptions(nodes)}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements={nodes.length > 120}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** The whole graph, or, where that would be too small to read, where it begins. */
function fitOptions(nodes: readonly GraphNode[]): FitViewOptions {
  if (window.innerWidth > NARROW_PX) return { padding: 0.08, maxZoom: 1.1 };
  const columns = [...new Set(nodes.map(({ x }) => x))].sort((a, b) => a - b);
  const begin = nodes.filter(({ x }) => x <= (columns[1] ?? 0));
  return { padding: 0.08, minZoom: 0.5, maxZoom: 1, nodes: begin.map(({ id }) => ({ id })) };
}

/** Brings a node that the keyboard reaches into sight, as large as the graph is now. */
function useIntoSight(id: string): (event: FocusEvent<HTMLElement>) => void {
  const { getNode, getViewport, setCenter } = useReactFlow();
  return ({ currentTarget }) => {
    const graph = currentTarget.closest(".graph");
    const node = getNode(id);
    if (graph === null || node === undefined || !currentTarget.matches(":focus-visible")) return;
    // Where it is drawn tells nothing: the browser has scrolled to it, which the graph takes back.
    const { x, y, zoom } = getViewport();
    const { width = 0, height = 0, position } = node;
    const [left, top] = [x + position.x * zoom, y + position.y * zoom];
    const isInSight =
      left >= 0 && top >= 0 && left + width * zoom <= graph.clientWidth && top + height * zoom <= graph.clientHeight;
    if (!isInSight) void setCenter(position.x + width / 2, position.y + height / 2, { zoom });
  };
}

function AgentNode({ id, data }: NodeProps): ReactNode {
  const session = useSession();
  const intoSight = useIntoSight(id);
  const setView = useSetAtom(viewAtom);
  const setFilter = useSetAtom(filterAtom);
  useAtomValue(totalsAtom);
  useAtomValue(runIdsAtom);
  const cutOff = useAtomValue(cutOffAtom);
  const name = String(data.name);
  const agent = session.view.agents.get(name);
  if (agent === undefined) return null;
  const shape = shapeSeen(shapeOfAgent(agent), cutOff);
  return (
    <button
      type="button"
      className="graph-agent"
      data-live={shape === "live"}
      onFocus={intoSight}
      title={`${agent.info.description}\nShow its tiles`}
      onClick={() => {
        setFilter({ ...NO_FILTER, agent: name });
        setView("deck");
      }}
    >
      <Handle type="target" position={Position.Left} />
      <span className="graph-agent-name">
        <StateIcon shape={shape} />
        <span className="truncate">{name}</span>
      </span>
      <span className="graph-agent-note truncate">{agentWords(agent, cutOff) || shortModel(agent.info.model)}</span>
      <Handle type="source" position={Position.Right} />
    </button>
  );
}

interface Counts {
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

function shapeOfAgent({ running, completed, failed, cancelled }: Counts): Shape {
  if (running > 0) return "live";
  if (failed > 0) return "failed";
  if (completed > 0) return "done";
  return cancelled > 0 ? "stopped" : "waiting";
}

function agentWords({ running, completed, failed, cancelled }: Counts, cutOff: boolean): string {
  const parts = [
    [running, cutOff ? `${running === 1 ? "was" : "were"} live` : "live"],
    [completed, "done"],
    [failed, "failed"],
    [cancelled, "stopped"],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`)
    .join(" · ");
}

function TypeNode({ id, data }: NodeProps): ReactNode {
  const intoSight = useIntoSight(id);
  const artifacts = useAtomValue(artifactsAtom);
  const openArtifact = useSetAtom(openArtifactAtom);
  const name = String(data.name);
  const there = artifacts.filter(({ artifact }) => artifact.type === name);
  const last = there.at(-1);
  return (
    <button
      type="button"
      className="graph-type"
      disabled={last === undefined}
      onFocus={intoSight}
      title={last === undefined ? "Not published yet" : "Open the newest"}
      onClick={() => openArtifact(last?.artifact.id ?? null)}
    >
      <Handle type="target" position={Position.Left} />
      <span className="truncate">{name}</span>
      {there.length === 0 ? null : <span className="graph-count">{count(there.length)}</span>}
      <Handle type="source" position={Position.Right} />
    </button>
  );
}
