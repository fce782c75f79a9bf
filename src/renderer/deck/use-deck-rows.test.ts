import { expect, test } from "vitest";
import { tileHeight } from "./use-deck-rows.js";

test("tiles fill the deck with whole rows", () => {
  expect(tileHeight(780, "reading", 3, 11)).toBe(260);
  expect(tileHeight(780, "wall", 10, 100)).toBe(78);
  expect(tileHeight(735, "compact", 5, 24)).toBe(147);
});

test("few tiles share the height; many scroll", () => {
  expect(tileHeight(600, "reading", 2, 2)).toBe(600);
  expect(tileHeight(800, "reading", 3, null)).toBe(266);
});

test("a tile never grows beyond reason nor shrinks below its head", () => {
  expect(tileHeight(4_000, "reading", 1, 1)).toBeLessThan(720);
  expect(tileHeight(752, "compact", 4, 8)).toBe(376);
  expect(tileHeight(30, "wall", 1, 1)).toBe(64);
});
