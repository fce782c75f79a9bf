import { expect, test } from "vitest";
import { backoffCeiling, backoffDelay } from "./backoff.js";

test.each([
  [0, 1_000],
  [1, 1_500],
  [2, 2_250],
  [8, 25_629],
  [9, 30_000],
  [1_000, 30_000],
])("the longest wait before try %i is %i ms", (attempt, ms) => {
  expect(Math.round(backoffCeiling(attempt))).toBe(ms);
});

test("jitter is full: from nothing to the whole wait", () => {
  expect(backoffDelay(4, () => 0)).toBe(0);
  expect(backoffDelay(4, () => 0.5)).toBe(Math.round(backoffCeiling(4) / 2));
  expect(backoffDelay(4, () => 0.999_999)).toBeLessThanOrEqual(backoffCeiling(4));
});
