import { describe } from "vitest";
import type { Artifact } from "./artifact.js";
import { A, B } from "./flock.testing.js";
import { testGates } from "./gate-case.testing.js";

const numberOf = (artifact: Artifact) => (artifact.payload as { n: number }).n;
const even = (artifact: Artifact) => numberOf(artifact) % 2 === 0;
const above2 = (artifact: Artifact) => numberOf(artifact) > 2;

describe("where", () => {
  testGates([
    {
      name: "lets only fitting artifacts through",
      agent: (a) => a.consumes(A, { where: even }),
      steps: [
        ["A", 1],
        ["A", 2],
      ],
      runs: ["A2"],
    },
    {
      name: "needs all of its predicates",
      agent: (a) => a.consumes(A, { where: [even, above2] }),
      steps: [
        ["A", 2],
        ["A", 3],
        ["A", 4],
      ],
      runs: ["A4"],
    },
    {
      name: "keeps unfitting artifacts out of the pool",
      agent: (a) => a.consumes(A, A, { where: even }),
      steps: [
        ["A", 2],
        ["A", 3],
        ["A", 4],
      ],
      runs: ["A2 A4"],
    },
    {
      name: "sees the artifacts of every type",
      agent: (a) => a.consumes(A, B, { where: even }),
      steps: [
        ["A", 2],
        ["B", 3],
        ["B", 4],
      ],
      runs: ["A2 B4"],
    },
    {
      name: "may be bound to one type",
      agent: (a) => a.consumes(A, B, { where: { A: even } }),
      steps: [
        ["A", 1],
        ["B", 3],
        ["A", 2],
      ],
      runs: ["A2 B3"],
    },
    {
      name: "may bind several predicates to one type",
      agent: (a) => a.consumes(A, B, { where: { A: [even, above2] } }),
      steps: [
        ["A", 2],
        ["B", 3],
        ["A", 6],
      ],
      runs: ["A6 B3"],
    },
    {
      name: "counts as no match when it throws",
      agent: (a) =>
        a.consumes(A, {
          where: (artifact) => {
            if (numberOf(artifact) === 1) throw new Error("no such field");
            return true;
          },
        }),
      steps: [
        ["A", 1],
        ["A", 2],
      ],
      runs: ["A2"],
    },
    {
      name: "sees tags and producer too",
      agent: (a) =>
        a.consumes(A, { where: (artifact) => artifact.tags.length === 1 && artifact.producedBy === "external" }),
      steps: [
        ["A", 1],
        ["A", 2, {}, { tags: ["x"] }],
      ],
      runs: ["A2"],
    },
  ]);
});

describe("whereAll", () => {
  const sumAbove5 = (match: ReadonlyMap<string, readonly Artifact[]>) =>
    [...match.values()].flat().reduce((sum, artifact) => sum + numberOf(artifact), 0) > 5;
  testGates([
    {
      name: "judges the complete match",
      agent: (a) => a.consumes(A, B, { whereAll: sumAbove5 }),
      steps: [
        ["A", 1],
        ["B", 5],
      ],
      runs: ["A1 B5"],
    },
    {
      name: "leaves the gate as it is while it fails",
      agent: (a) => a.consumes(A, B, { whereAll: sumAbove5 }),
      steps: [
        ["A", 1],
        ["B", 2],
        ["A", 4],
      ],
      runs: ["A4 B2"],
    },
    {
      name: "is not asked before the match is complete",
      agent: (a) => a.consumes(A, A, { whereAll: (match) => (match.get("A")?.length ?? 0) === 2 }),
      steps: [
        ["A", 1],
        ["A", 2],
      ],
      runs: ["A1 A2"],
    },
    {
      name: "judges single artifacts as well",
      agent: (a) => a.consumes(A, { whereAll: sumAbove5 }),
      steps: [
        ["A", 5],
        ["A", 6],
      ],
      runs: ["A6"],
    },
  ]);
});

describe("tags, producers and mode", () => {
  testGates([
    {
      name: "tags match by any that both have",
      agent: (a) => a.consumes(A, { tags: ["x", "y"] }),
      steps: [
        ["A", 1],
        ["A", 2, {}, { tags: ["z"] }],
        ["A", 3, {}, { tags: ["y", "z"] }],
      ],
      runs: ["A3"],
    },
    {
      name: "fromAgents knows what came from outside as external",
      agent: (a) => a.consumes(A, { fromAgents: ["external"] }),
      steps: [["A", 1]],
      runs: ["A1"],
    },
    {
      name: "fromAgents leaves other producers out",
      agent: (a) => a.consumes(A, { fromAgents: ["editor"] }),
      steps: [["A", 1]],
      runs: [],
    },
    {
      name: "a subscription in direct mode hears no events",
      agent: (a) => a.consumes(A, { mode: "direct" }),
      steps: [["A", 1]],
      runs: [],
    },
    {
      name: "a subscription in events mode hears events",
      agent: (a) => a.consumes(A, { mode: "events" }),
      steps: [["A", 1]],
      runs: ["A1"],
    },
    {
      name: "all conditions of a subscription must hold at once",
      agent: (a) => a.consumes(A, { tags: ["x"], where: even, fromAgents: ["external"] }),
      steps: [
        ["A", 1, {}, { tags: ["x"] }],
        ["A", 2],
        ["A", 4, {}, { tags: ["x"] }],
      ],
      runs: ["A4"],
    },
  ]);
});
