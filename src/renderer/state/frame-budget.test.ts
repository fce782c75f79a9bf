import { expect, test } from "vitest";
import { FrameBudget } from "./frame-budget.js";

const SHOWN = 100;
const FIXED = 14;

/** The tiles that a frame takes and what it costs, once `frames` frames have cost so much a tile. */
function after(frames: number, costPerTile: number, fixed = FIXED): { tiles: number; ms: number } {
  const budget = new FrameBudget();
  const cost = (tiles: number) => fixed + tiles * costPerTile;
  for (let frame = 0; frame < frames; frame += 1) {
    const tiles = Math.min(SHOWN, budget.tiles(SHOWN));
    budget.spent(cost(tiles), tiles, SHOWN);
  }
  const tiles = Math.min(SHOWN, budget.tiles(SHOWN));
  return { tiles, ms: cost(tiles) };
}

test("cheap tiles all fit into one frame, dearer ones are spread over several", () => {
  expect(after(60, 0.05).tiles).toBe(SHOWN);
  expect(after(60, 0.8).tiles).toBeLessThan(SHOWN / 2);
});

test("frames that tell what a full one costs are all looked at, others now and then", () => {
  const budget = new FrameBudget();
  const asked = (tiles: number) => Array.from({ length: 80 }, () => budget.asks(tiles)).filter(Boolean).length;
  expect(asked(budget.tiles(SHOWN))).toBe(80);
  expect(asked(2)).toBe(10);
});

test.each([0.1, 0.15])("at %d ms a tile, where each still has its eight updates, frames take 24 ms", (cost) => {
  const frames = Array.from({ length: 40 }, (_, at) => after(120 + at, cost).ms);
  expect(frames.reduce((sum, ms) => sum + ms, 0) / frames.length).toBeLessThanOrEqual(24.5);
  expect(Math.max(...frames)).toBeLessThan(30);
});

test.each([0.05, 0.2, 0.4, 0.6, 0.8])("at %d ms a tile no frame is a long task", (cost) => {
  expect(after(80, cost).ms).toBeLessThan(50);
});

test.each([
  [1, 14],
  [1, 40],
  [3, 14],
  [3, 60],
  [6, 14],
])("at %d ms a tile and %d ms a frame, a key that is pressed is answered within 100 ms", (cost, fixed) => {
  expect(after(120, cost, fixed).ms).toBeLessThan(100);
});

test("a frame that is dear whatever changes in it takes more tiles, not fewer", () => {
  expect(after(120, 0.5, 40).tiles).toBeGreaterThan(50);
});

test.each([0.05, 0.4, 0.8, 1, 2])(
  "at %d ms a tile, each of a hundred still has as many updates as there is time for",
  (cost) => {
    const { tiles, ms } = after(120, cost);
    const rate = ((tiles / SHOWN) * 1000) / Math.max(ms, 1000 / 60);
    const possible = 1000 / (FIXED + SHOWN * cost);
    expect(rate).toBeGreaterThanOrEqual(Math.min(8, possible) * 0.75);
  },
);

test("one slow frame does not starve the next ones", () => {
  const budget = new FrameBudget();
  for (let frame = 0; frame < 40; frame += 1) budget.spent(20, 50, 50);
  const before = budget.tiles(50);
  budget.spent(900, 50, 50);
  expect(budget.tiles(50)).toBeGreaterThan(before / 2);
});

test("after a dear time, in which all frames were of one size, tiles find back to what they can have", () => {
  const budget = new FrameBudget();
  const pass = (frames: number, cost: (tiles: number) => number) => {
    for (let frame = 0; frame < frames; frame += 1) {
      const tiles = budget.tiles(SHOWN);
      budget.spent(cost(tiles), tiles, SHOWN);
    }
  };
  pass(200, (tiles) => FIXED + 1.5 * tiles);
  pass(80, (tiles) => FIXED + 0.1 * tiles);
  expect(budget.tiles(SHOWN)).toBeGreaterThan(45);
});

test("a frame may render for half of what it may take: of 12 ms to begin with, and longer where it may be longer", () => {
  const budget = new FrameBudget();
  expect(budget.renderingMs).toBe(12);
  for (let frame = 0; frame < 120; frame += 1) budget.spent(14 + 3 * budget.tiles(SHOWN), budget.tiles(SHOWN), SHOWN);
  expect(budget.renderingMs).toBeGreaterThan(24);
  expect(budget.renderingMs).toBeLessThan(50);
});

test("a frame that was held up and cut makes the next ones neither longer nor much smaller", () => {
  const budget = new FrameBudget();
  for (let frame = 0; frame < 40; frame += 1) budget.spent(22, 40, 64);
  const before = budget.tiles(64);
  for (let frame = 0; frame < 3; frame += 1) budget.spent(60, 8, 64, 40);
  expect(budget.renderingMs).toBeLessThanOrEqual(17);
  expect(budget.tiles(64)).toBeGreaterThan(before / 2);
});
