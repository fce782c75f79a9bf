import { describe } from "vitest";
import type { Artifact } from "./artifact.js";
import { A, B, C } from "./flock.testing.js";
import { testGates } from "./gate-case.testing.js";

const numberOf = (artifact: Artifact) => (artifact.payload as { n: number }).n;
const even = (artifact: Artifact) => numberOf(artifact) % 2 === 0;
const elsewhere = { correlationId: "other" };

describe("a single type", () => {
  testGates([
    {
      name: "fires at once, for every artifact",
      agent: (a) => a.consumes(A),
      steps: [
        ["A", 1],
        ["A", 2],
      ],
      runs: ["A1", "A2"],
    },
    {
      name: "ignores other types",
      agent: (a) => a.consumes(A),
      steps: [
        ["B", 1],
        ["C", 2],
      ],
      runs: [],
    },
    { name: "may be named by a string", agent: (a) => a.consumes("A"), steps: [["A", 1]], runs: ["A1"] },
    {
      name: "fires in every workflow",
      agent: (a) => a.consumes(A),
      steps: [
        ["A", 1],
        ["A", 2, {}, elsewhere],
      ],
      runs: ["A1", "A2"],
    },
  ]);
});

describe("an AND gate", () => {
  testGates([
    { name: "waits for all of its types", agent: (a) => a.consumes(A, B), steps: [["A", 1]], runs: [] },
    {
      name: "fires when the last type comes",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["A", 1],
        ["B", 2],
      ],
      runs: ["A1 B2"],
    },
    {
      name: "is free of order",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["B", 2],
        ["A", 1],
      ],
      runs: ["A1 B2"],
    },
    {
      name: "hands over in the order of its types",
      agent: (a) => a.consumes(C, A, B),
      steps: [
        ["A", 1],
        ["B", 2],
        ["C", 3],
      ],
      runs: ["C3 A1 B2"],
    },
    {
      name: "takes the latest of a type",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["A", 1],
        ["A", 2],
        ["B", 3],
      ],
      runs: ["A2 B3"],
    },
    {
      name: "clears its pool when it fires",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["A", 1],
        ["A", 2],
        ["B", 3],
        ["B", 4],
        ["A", 5],
      ],
      runs: ["A2 B3", "A5 B4"],
    },
    {
      name: "does not mix workflows",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["A", 1],
        ["B", 2, {}, elsewhere],
      ],
      runs: [],
    },
    {
      name: "pools each workflow by itself",
      agent: (a) => a.consumes(A, B),
      steps: [
        ["A", 1],
        ["A", 2, {}, elsewhere],
        ["B", 3, {}, elsewhere],
        ["B", 4],
      ],
      runs: ["A2 B3", "A1 B4"],
    },
    {
      name: "keeps what it has when its workflow has finished and goes on later",
      agent: (a) => a.consumes(A, B),
      steps: [["A", 1], 60_000, ["B", 2]],
      runs: ["A1 B2"],
    },
    {
      name: "needs all of three types",
      agent: (a) => a.consumes(A, B, C),
      steps: [
        ["A", 1],
        ["B", 2],
        ["A", 3],
        ["C", 4],
      ],
      runs: ["A3 B2 C4"],
    },
  ]);
});

describe("a count gate", () => {
  testGates([
    {
      name: "waits for as many as it names",
      agent: (a) => a.consumes(A, A, A),
      steps: [
        ["A", 1],
        ["A", 2],
      ],
      runs: [],
    },
    {
      name: "fires with N of the type",
      agent: (a) => a.consumes(A, A, A),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
      ],
      runs: ["A1 A2 A3"],
    },
    {
      name: "starts anew after it fired",
      agent: (a) => a.consumes(A, A),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
        ["A", 4],
        ["A", 5],
      ],
      runs: ["A1 A2", "A3 A4"],
    },
    {
      name: "takes the latest N and clears its pool",
      agent: (a) => a.consumes(A, A, B),
      steps: [
        ["A", 1],
        ["A", 2],
        ["A", 3],
        ["B", 4],
        ["B", 5],
        ["A", 6],
        ["A", 7],
      ],
      runs: ["A2 A3 B4", "A6 A7 B5"],
    },
    {
      name: "counts each type by itself",
      agent: (a) => a.consumes(A, B, A, B),
      steps: [
        ["A", 1],
        ["B", 2],
        ["B", 3],
        ["B", 4],
        ["A", 5],
      ],
      runs: ["A1 A5 B3 B4"],
    },
  ]);
});

describe("an OR of subscriptions", () => {
  testGates([
    {
      name: "fires for either",
      agent: (a) => a.consumes(A).consumes(B),
      steps: [
        ["A", 1],
        ["B", 2],
      ],
      runs: ["A1", "B2"],
    },
    {
      name: "lets each gate fill by itself",
      agent: (a) => a.consumes(A, B).consumes(A, C),
      steps: [
        ["A", 1],
        ["B", 2],
        ["C", 3],
      ],
      runs: ["A1 B2", "A1 C3"],
    },
    {
      name: "sets off an agent once though two subscriptions match the same artifact",
      agent: (a) => a.consumes(A).consumes(A, { where: even }),
      steps: [["A", 2]],
      runs: ["A2"],
    },
    {
      name: "sets off an agent once though two gates fill with the same artifacts",
      agent: (a) => a.consumes(A, B).consumes(B, A),
      steps: [
        ["A", 1],
        ["B", 2],
      ],
      runs: ["A1 B2"],
    },
    {
      name: "asks the subscription of higher priority first",
      agent: (a) => a.consumes(A, B).consumes(B, C, { priority: 5 }),
      steps: [
        ["A", 1],
        ["C", 2],
        ["B", 3],
      ],
      runs: ["B3 C2", "A1 B3"],
    },
  ]);
});
