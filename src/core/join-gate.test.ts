import { describe } from "vitest";
import type { Artifact } from "./artifact.js";
import { A, B, numberIn } from "./flock.testing.js";
import { testGates } from "./gate-case.testing.js";
import type { Match } from "./subscription.js";

const by = (artifact: Artifact) => (artifact.payload as { key?: unknown }).key;
const minute = { by, within: { ms: 60_000 } };
const k = (key: unknown) => ({ key });

describe("a join", () => {
  testGates([
    {
      name: "brings together what has the same key",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["A", 2, k("y")],
        ["B", 3, k("y")],
        ["B", 4, k("x")],
      ],
      runs: ["A2 B3", "A1 B4"],
    },
    {
      name: "does not join different keys",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["B", 2, k("y")],
      ],
      runs: [],
    },
    {
      name: "is free of order",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["B", 1, k("x")],
        ["A", 2, k("x")],
      ],
      runs: ["A2 B1"],
    },
    {
      name: "takes the earliest N of each type",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["A", 2, k("x")],
        ["B", 3, k("x")],
      ],
      runs: ["A1 B3"],
    },
    {
      name: "applies counts within a group",
      agent: (a) => a.consumes(A, A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["B", 2, k("x")],
        ["A", 3, k("y")],
        ["A", 4, k("x")],
        ["A", 5, k("x")],
      ],
      runs: ["A1 A4 B2"],
    },
    {
      name: "starts a new group after one is complete",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["B", 2, k("x")],
        ["B", 3, k("x")],
        ["A", 4, k("x")],
      ],
      runs: ["A1 B2", "A4 B3"],
    },
    {
      name: "compares keys by what they hold",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k({ id: 7 })],
        ["B", 2, k({ id: 7 })],
      ],
      runs: ["A1 B2"],
    },
    {
      name: "leaves alone what has no key",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1],
        ["B", 2],
        ["A", 3, k(null)],
        ["B", 4, k(null)],
      ],
      runs: [],
    },
    {
      name: "does not mix workflows, whatever the key",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [
        ["A", 1, k("x")],
        ["B", 2, k("x"), { correlationId: "other" }],
      ],
      runs: [],
    },
  ]);
});

describe("a complete group that whereAll refuses", () => {
  const rising = (match: Match) => numberIn(match.get("B")?.at(-1)) > numberIn(match.get("A")?.[0]);
  testGates([
    {
      name: "stays and waits for a newer artifact",
      agent: (a) => a.consumes(A, B, { join: minute, whereAll: rising }),
      steps: [
        ["A", 5, k("x")],
        ["B", 1, k("x")],
        ["B", 9, k("x")],
      ],
      runs: ["A5 B9"],
    },
    {
      name: "lets newer ones of each type take the place of the oldest",
      agent: (a) => a.consumes(A, B, B, { join: minute, whereAll: rising }),
      steps: [
        ["A", 5, k("x")],
        ["B", 1, k("x")],
        ["B", 2, k("x")],
        ["B", 3, k("x")],
        ["A", 2, k("x")],
      ],
      runs: ["A2 B2 B3"],
    },
    {
      name: "is judged by its own artifacts alone",
      agent: (a) => a.consumes(A, B, { join: minute, whereAll: rising }),
      steps: [
        ["A", 5, k("x")],
        ["B", 1, k("x")],
        ["B", 9, k("y")],
        ["A", 3, k("y")],
      ],
      runs: ["A3 B9"],
    },
    {
      name: "is dropped at the end of its window all the same",
      agent: (a) => a.consumes(A, B, { join: minute, whereAll: rising }),
      steps: [["A", 5, k("x")], ["B", 1, k("x")], 60_001, ["B", 9, k("x")]],
      runs: [],
    },
    {
      name: "begins anew once it was consumed",
      agent: (a) => a.consumes(A, B, { join: minute, whereAll: rising }),
      steps: [
        ["A", 5, k("x")],
        ["B", 1, k("x")],
        ["B", 9, k("x")],
        ["A", 1, k("x")],
        ["A", 2, k("x")],
        ["B", 3, k("x")],
      ],
      runs: ["A5 B9", "A1 B3"],
    },
  ]);
});

describe("a time window", () => {
  testGates([
    {
      name: "joins up to its last millisecond",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [["A", 1, k("x")], 60_000, ["B", 2, k("x")]],
      runs: ["A1 B2"],
    },
    {
      name: "never fires an expired group, not even partially",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [["A", 1, k("x")], 60_001, ["B", 2, k("x")]],
      runs: [],
    },
    {
      name: "starts at the first item of the group",
      agent: (a) => a.consumes(A, A, B, { join: minute }),
      steps: [["A", 1, k("x")], 40_000, ["A", 2, k("x")], 40_000, ["B", 3, k("x")]],
      runs: [],
    },
    {
      name: "opens a new group with the item that came too late",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [["A", 1, k("x")], 60_001, ["B", 2, k("x")], ["A", 3, k("x")]],
      runs: ["A3 B2"],
    },
    {
      name: "runs for each group by itself",
      agent: (a) => a.consumes(A, B, { join: minute }),
      steps: [["A", 1, k("x")], 40_000, ["A", 2, k("y")], 40_000, ["B", 3, k("x")], ["B", 4, k("y")]],
      runs: ["A2 B4"],
    },
  ]);
});

describe("a count window", () => {
  const two = { by, within: { count: 2 } };
  testGates([
    {
      name: "joins within the next N artifacts",
      agent: (a) => a.consumes(A, B, { join: two }),
      steps: [
        ["A", 1, k("x")],
        ["A", 2, k("y")],
        ["B", 3, k("x")],
      ],
      runs: ["A1 B3"],
    },
    {
      name: "expires when more than N have followed the first item",
      agent: (a) => a.consumes(A, B, { join: two }),
      steps: [
        ["A", 1, k("x")],
        ["A", 2, k("y")],
        ["A", 3, k("z")],
        ["B", 4, k("x")],
        ["B", 5, k("z")],
      ],
      runs: ["A3 B5"],
    },
    {
      name: "counts only what the subscription accepts",
      agent: (a) => a.consumes(A, B, { join: two, tags: ["in"] }),
      steps: [
        ["A", 1, k("x"), { tags: ["in"] }],
        ["A", 2, k("y")],
        ["A", 3, k("y")],
        ["A", 4, k("y")],
        ["B", 5, k("x"), { tags: ["in"] }],
      ],
      runs: ["A1 B5"],
    },
    {
      name: "counts each workflow by itself",
      agent: (a) => a.consumes(A, B, { join: { by, within: { count: 1 } } }),
      steps: [
        ["A", 1, k("x")],
        ["A", 2, k("x"), { correlationId: "other" }],
        ["B", 3, k("x")],
        ["B", 4, k("x"), { correlationId: "other" }],
      ],
      runs: ["A1 B3", "A2 B4"],
    },
  ]);
});
