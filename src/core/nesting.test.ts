import { expect, test } from "vitest";
import { z } from "zod";
import { artifact } from "./artifact-types.js";
import { deepFreeze } from "./deep-freeze.js";
import { A, Bench } from "./flock.testing.js";
import { DEEPEST_NESTING, isShallow } from "./nesting.js";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

test("levels are counted", () => {
  expect(isShallow("flat", 0)).toBe(true);
  expect(isShallow(nested(DEEPEST_NESTING))).toBe(true);
  expect(isShallow(nested(DEEPEST_NESTING + 1))).toBe(false);
  expect(isShallow(nested(100_000))).toBe(false);
});

test("what holds itself counts once", () => {
  const twice: { left?: unknown; right?: unknown } = {};
  twice.left = twice;
  twice.right = twice;
  expect(isShallow(twice)).toBe(true);
});

test("a chain that is longer than the stack is frozen to its end", () => {
  const links = Array.from({ length: 100_000 }, (): { next?: unknown } => ({}));
  links.forEach((link, i) => {
    link.next = links[i + 1];
  });
  deepFreeze(links[0]);
  expect(links.every(Object.isFrozen)).toBe(true);
});

const Any = artifact("Any", z.any());

test("a payload that nests too deep does not fit its type, whoever publishes it", async () => {
  const bench = new Bench();
  bench.flock.registerType(Any);
  await expect(bench.flock.publish("Any", nested(8_000))).rejects.toMatchObject({
    code: "invalid_payload",
    message: "Any: $: nests deeper than 128 levels",
  });
  bench.flock
    .agent("digger")
    .consumes(A)
    .publishes(Any)
    .withEngine(() => ({ type: "Any", payload: nested(8_000) }));
  await bench.publish("A", 1);
  await bench.flock.runUntilIdle();
  expect(bench.flock.workflows[0]?.status).toBe("failed");
  expect(bench.flock.board.count("Any")).toBe(0);
});
