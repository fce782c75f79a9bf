// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stillness } from "./stillness.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what has stood for a while is marked, until it moves or is over, and then no timer runs", () => {
  let behind = false;
  const [first, second] = [document.createElement("p"), document.createElement("p")];
  const texts = [new Stillness(() => behind), new Stillness(() => false)] as const;
  const still = () => [first, second].map((element) => element.hasAttribute("data-still"));
  texts[0].moved(first);
  texts[1].moved(second);
  vi.advanceTimersByTime(400);
  texts[1].moved(second);
  expect(still()).toEqual([false, false]);
  vi.advanceTimersByTime(400);
  expect(still()).toEqual([true, false]);
  vi.advanceTimersByTime(400);
  expect(still()).toEqual([true, true]);
  vi.advanceTimersByTime(1_000);
  expect(vi.getTimerCount()).toBe(0);
  texts[0].moved(first);
  behind = true;
  expect(still()).toEqual([false, true]);
  vi.advanceTimersByTime(5_000);
  expect(still()).toEqual([false, true]);
  texts[0].stop();
  texts[1].stop();
  expect(still()).toEqual([false, false]);
  vi.advanceTimersByTime(1_000);
  expect([still(), vi.getTimerCount()]).toEqual([[false, false], 0]);
});
