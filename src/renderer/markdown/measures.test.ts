import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeSoon, measureAll, measureLater } from "./measures.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  measureAll();
  vi.useRealTimers();
});

test("what is measured is asked once, and only what follows is a change", () => {
  const change = vi.fn();
  const measure = vi.fn(() => change);
  measureLater(measure);
  const cancel = measureLater(() => change);
  cancel();
  expect(change).not.toHaveBeenCalled();
  measureAll()?.();
  expect([measure.mock.calls.length, change.mock.calls.length]).toEqual([1, 1]);
  measureLater(() => undefined);
  expect(measureAll()).toBeUndefined();
});

test("a change comes with the next frame, or by itself where there is none, and never twice", () => {
  const change = vi.fn();
  changeSoon(change);
  measureAll()?.();
  expect(change).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(change).toHaveBeenCalledTimes(1);
  changeSoon(change);
  vi.advanceTimersByTime(1_000);
  expect(change).toHaveBeenCalledTimes(2);
  expect(measureAll()).toBeUndefined();
  changeSoon(change)();
  vi.advanceTimersByTime(1_000);
  expect([measureAll(), change.mock.calls.length]).toEqual([undefined, 2]);
});

test("a frame takes on two such changes, and the next ones the others", () => {
  const change = vi.fn();
  for (let count = 0; count < 5; count += 1) changeSoon(() => change());
  const made = [1, 2, 3].map(() => {
    measureAll()?.();
    return change.mock.calls.length;
  });
  expect(made).toEqual([2, 4, 5]);
});
