import { expect, test } from "vitest";
import { type ColumnsInput, DeckColumns } from "./deck-columns.js";

const deck = (tiles: number, patch: Partial<ColumnsInput> = {}): ColumnsInput => ({
  density: "compact",
  width: 1440,
  most: 5,
  rows: 5,
  tiles,
  ...patch,
});
const columnsOf = (tiles: number, patch?: Partial<ColumnsInput>) => new DeckColumns().next(deck(tiles, patch));

test("the rows that are needed anyway are filled", () => {
  expect([8, 12, 15, 24].map((tiles) => columnsOf(tiles))).toEqual([4, 4, 5, 5]);
  expect(columnsOf(100, { density: "wall", most: 10 })).toBe(10);
});

test("a tile is never made wider than a line of text can be read", () => {
  expect(columnsOf(1)).toBe(3);
  expect(columnsOf(4, { density: "reading", most: 3 })).toBe(3);
});

test("tiles that come later move none that are there, while all are in sight", () => {
  const columns = new DeckColumns();
  expect(columns.next(deck(12))).toBe(4);
  expect(columns.next(deck(13))).toBe(4);
  expect(columns.next(deck(20))).toBe(4);
  expect(columns.next(deck(21))).toBe(5);
});

test("what the user asked for is laid out anew: fewer tiles, another density, another width", () => {
  const columns = new DeckColumns();
  expect(columns.next(deck(24))).toBe(5);
  expect(columns.next(deck(8))).toBe(4);
  expect(columns.next(deck(8, { density: "wall", most: 10, rows: 10 }))).toBe(8);
  expect(columns.next(deck(9, { width: 1200, most: 4 }))).toBe(3);
});

test("a deck that was empty is laid out for what comes first", () => {
  const columns = new DeckColumns();
  columns.next(deck(0));
  expect(columns.next(deck(12))).toBe(4);
});
