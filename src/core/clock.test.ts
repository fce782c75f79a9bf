import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.js";

const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([1, 30 * DAY, 100 * DAY, 2 ** 31 - 1, 2 ** 31])("a timer of %d ms fires then, once", (ms) => {
  const fired = vi.fn();
  systemClock.setTimeout(fired, ms);
  vi.advanceTimersByTime(ms - 1);
  expect(fired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(fired).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(200 * DAY);
  expect(fired).toHaveBeenCalledOnce();
});

test("a timer without an end does not fire", () => {
  const fired = vi.fn();
  systemClock.setTimeout(fired, Number.POSITIVE_INFINITY);
  vi.advanceTimersByTime(100 * DAY);
  expect(fired).not.toHaveBeenCalled();
});

test.each([0, 40 * DAY])("a long timer can be cleared after %d ms", (waited) => {
  const fired = vi.fn();
  const timer = systemClock.setTimeout(fired, 60 * DAY);
  vi.advanceTimersByTime(waited);
  systemClock.clearTimeout(timer);
  expect(vi.getTimerCount()).toBe(0);
});

test("a long timer can be let go, so that it does not keep the process", () => {
  const legs: NodeJS.Timeout[] = [];
  const set = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => {
    const leg = set(callback, ms);
    legs.push(leg);
    return leg;
  });
  (systemClock.setTimeout(() => {}, 60 * DAY) as { unref(): void }).unref();
  vi.advanceTimersByTime(59 * DAY);
  vi.unstubAllGlobals();
  expect(legs.map((leg) => leg.hasRef())).toEqual([false, false, false]);
});

test("clearing what was never set does nothing", () => {
  expect(() => systemClock.clearTimeout(undefined)).not.toThrow();
});

test("time never goes back when the computer's clock is set back, and follows it forwards", () => {
  const before = systemClock.now();
  vi.setSystemTime(before - DAY);
  vi.advanceTimersByTime(50);
  expect(systemClock.now()).toBe(before + 50);
  vi.setSystemTime(before + DAY);
  vi.advanceTimersByTime(50);
  expect(systemClock.now()).toBe(before + DAY + 50);
});
