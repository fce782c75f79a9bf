import { expect, test } from "vitest";
import type { Shape } from "../ui/state-icon.js";
import { type ArrangeInput, arrange, moveKey, orderSlots } from "./arrange.js";
import { NO_FILTER } from "./interface.js";
import { EMPTY_LAYOUT } from "./preferences.js";
import type { Slot } from "./slots.js";

const slot = (agent: string, workflowId = "w1"): Slot => ({
  key: `${agent}#0`,
  agent,
  workflowId,
  streamId: `${workflowId}/${agent}`,
});

const SHAPES: Record<string, Shape> = { a: "live", b: "done", c: "failed", d: "paused" };

const input = (patch: Partial<ArrangeInput> = {}): ArrangeInput => ({
  workflows: [
    { id: "w1", slots: ["a", "b", "c", "d"].map((name) => slot(name)) },
    { id: "w2", slots: [slot("a", "w2")] },
  ],
  layout: EMPTY_LAYOUT,
  filter: NO_FILTER,
  grouping: "workflow",
  foldFinished: false,
  shapeOf: ({ agent }) => SHAPES[agent] ?? "waiting",
  holds: ({ agent }, text) => agent.includes(text),
  ...patch,
});

const shown = (patch: Partial<ArrangeInput>) =>
  arrange(input(patch)).groups.map((group) => `${group.name}: ${group.slots.map(({ agent }) => agent).join("")}`);

test.each<[string, Partial<ArrangeInput>, string[]]>([
  ["by workflow", {}, ["w1: abcd", "w2: a"]],
  ["by agent", { grouping: "agent" }, ["a: aa", "b: b", "c: c", "d: d"]],
  ["not at all", { grouping: "none" }, [": abcda"]],
  ["a provider wait counts as live", { filter: { ...NO_FILTER, state: "live" } }, ["w1: ad", "w2: a"]],
  ["one state", { filter: { ...NO_FILTER, state: "failed" } }, ["w1: c"]],
  ["one workflow", { filter: { ...NO_FILTER, workflowId: "w2" } }, ["w2: a"]],
  ["one agent", { filter: { ...NO_FILTER, agent: "b" } }, ["w1: b"]],
  ["text", { filter: { ...NO_FILTER, text: " B " } }, ["w1: b"]],
  ["hidden by the user", { layout: { ...EMPTY_LAYOUT, hidden: ["a#0"] } }, ["w1: bcd"]],
  ["finished folded away", { foldFinished: true }, ["w1: acd", "w2: a"]],
  [
    "a pinned tile is not folded and comes first",
    { foldFinished: true, layout: { ...EMPTY_LAYOUT, pinned: ["b#0"] } },
    ["w1: bacd", "w2: a"],
  ],
])("%s", (_, patch, expected) => {
  expect(shown(patch)).toEqual(expected);
});

test("what is left out is counted", () => {
  const result = arrange(
    input({ filter: { ...NO_FILTER, state: "live" }, layout: { ...EMPTY_LAYOUT, hidden: ["c#0"] } }),
  );
  expect(result).toMatchObject({ filtered: 1, hidden: 1 });
});

test("tiles that the user never moved follow those that were, in the order of their arrival", () => {
  const slots = ["a", "b", "c", "d"].map((name) => slot(name));
  const moved = orderSlots(slots, { ...EMPTY_LAYOUT, order: ["c#0", "a#0"] });
  expect(moved.map(({ agent }) => agent).join("")).toBe("cabd");
});

test.each([
  ["a", "before", "c", "bacd"],
  ["d", "before", "a", "dabc"],
  ["a", "after", "b", "bacd"],
  ["a", "after", "d", "bcda"],
  ["a", "before", "x", "abcd"],
] as const)("moving %s %s %s", (key, side, target, expected) => {
  expect(moveKey([..."abcd"], key, target, side).join("")).toBe(expected);
});
