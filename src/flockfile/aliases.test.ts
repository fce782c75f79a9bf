import { expect, test } from "vitest";
import { parseFlockFile } from "./index.js";

test("an alias stands for the last anchor of its name before it", () => {
  const { definition, faults } = parseFlockFile(`types: { T: text }
agents:
  - { name: a, consumes: [T], description: &d first }
  - { name: b, consumes: [T], description: *d }
  - { name: c, consumes: [T], description: &d second }
  - { name: d, consumes: [T], description: *d }
`);
  expect(faults).toEqual([]);
  expect(definition?.agents.map(({ description }) => description)).toEqual(["first", "first", "second", "second"]);
});

/** Milliseconds for a file of many agents that are described so; the best of three. */
function timeFor(description: string): number {
  const agent = (_: unknown, i: number) => `  - { name: a${i}, consumes: [T], description: ${description} }\n`;
  const agents = Array.from({ length: 1_000 }, agent).join("");
  const text = `types: { T: text }\ndescription: &d hello\nagents:\n${agents}`;
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    expect(parseFlockFile(text).definition?.agents).toHaveLength(1_000);
    return performance.now() - start;
  });
  return Math.min(...times);
}

test("many aliases are read about as fast as what they stand for", () => {
  timeFor("hello");
  expect(timeFor("*d") / timeFor("hello")).toBeLessThan(4);
});
