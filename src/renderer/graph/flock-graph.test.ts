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
