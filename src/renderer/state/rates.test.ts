import { expect, test } from "vitest";
import { presentRate, RATE_HISTORY, RateMeter } from "./rates.js";

test("four units make a token, over the time that really passed", () => {
  const meter = new RateMeter();
  expect(meter.sample("s", 0, 0)).toEqual([]);
  expect(meter.sample("s", 400, 1_000)).toEqual([100]);
  expect(meter.sample("s", 800, 3_000)).toEqual([100, 50]);
});

test("samples too close together are not a rate", () => {
  const meter = new RateMeter();
  meter.sample("s", 0, 0);
  expect(meter.sample("s", 4_000, 100)).toEqual([]);
});

test("the history is bounded", () => {
  const meter = new RateMeter();
  for (let second = 0; second < 100; second += 1) meter.sample("s", second * 4, second * 1_000);
  expect(meter.sample("s", 400, 100_000)).toHaveLength(RATE_HISTORY);
});

test("a text that was replaced by a shorter one has no negative rate", () => {
  const meter = new RateMeter();
  meter.sample("s", 1_000, 0);
  expect(meter.sample("s", 10, 1_000)).toEqual([0]);
});

test("the present rate is the mean of the last three", () => {
  expect(presentRate([])).toBe(0);
  expect(presentRate([900, 10, 20, 30])).toBe(20);
});
