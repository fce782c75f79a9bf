import { expect, test } from "vitest";
import { FrameBudget } from "./frame-budget.js";

function after(frames: number, costPerTile: number): number {
  const budget = new FrameBudget();
  for (let frame = 0; frame < frames; frame += 1) budget.spent(8 + budget.tiles * costPerTile, budget.tiles);
  return budget.tiles;
}

test("cheap tiles all fit into one frame, dear ones are spread over several", () => {
  expect(after(40, 0.1)).toBeGreaterThan(150);
  expect(after(40, 1)).toBeLessThan(40);
});

test("no frame is planned beyond a long task, whatever a tile costs", () => {
  for (const cost of [0.2, 0.5, 1, 2, 3]) expect(8 + after(60, cost) * cost).toBeLessThan(50);
});

test("some tiles are updated even on the slowest machine", () => {
  expect(after(60, 100)).toBeGreaterThanOrEqual(12);
});

test("one slow frame does not starve the next ones", () => {
  const budget = new FrameBudget();
  for (let frame = 0; frame < 40; frame += 1) budget.spent(10, 50);
  const before = budget.tiles;
  budget.spent(900, 50);
  expect(budget.tiles).toBeGreaterThan(before / 2);
});
