import { expect, test } from "vitest";
import { agentId, flockGraph, typeId } from "./flock-graph.js";

const FLOCK = [
  { name: "writer", description: "", consumes: ["Topic"], publishes: ["Draft"], model: "m" },
  { name: "editor", description: "", consumes: ["Draft", "Draft"], publishes: ["Article"], model: "m" },
];

test("every agent and type is one node, every passing one edge", () => {
  const { nodes, edges } = flockGraph(FLOCK);
  expect(nodes.map(({ id }) => id).sort()).toEqual(
    [agentId("writer"), agentId("editor"), typeId("Topic"), typeId("Draft"), typeId("Article")].sort(),
  );
  expect(edges).toHaveLength(4);
});

test("what comes first stands to the left", () => {
  const x = new Map(flockGraph(FLOCK).nodes.map((node) => [node.id, node.x]));
  const order = [typeId("Topic"), agentId("writer"), typeId("Draft"), agentId("editor"), typeId("Article")];
  const places = order.map((id) => x.get(id) ?? Number.NaN);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("nodes come in the order in which they are read", () => {
  expect(flockGraph([...FLOCK].reverse()).nodes.map(({ name }) => name)).toEqual([
    "Topic",
    "writer",
    "Draft",
    "editor",
    "Article",
  ]);
});

test("agents that start together stand together, whatever follows them", () => {
  const agent = (name: string, consumes: readonly string[], publishes: string) => ({
    name,
    description: "",
    consumes: [...consumes],
    publishes: [publishes],
    model: "m",
  });
  const { nodes } = flockGraph([
    agent("writer", ["Topic"], "Draft"),
    agent("editor", ["Draft"], "Page"),
    agent("short", ["Topic"], "Remark"),
    agent("patient", ["Topic"], "Letter"),
    agent("archivist", ["Letter", "Page"], "Remark"),
  ]);
  const x = (name: string) => nodes.find(({ id }) => id === agentId(name))?.x;
  expect([x("short"), x("patient")]).toEqual([x("writer"), x("writer")]);
});
