import { expect, test } from "vitest";
import { RuntimeMode } from "../core/index.js";
import { buildFlock, formatFault, parseFlockFile } from "./index.js";

const SCHEMA = "{ type: object, properties: { score: { type: number } } }";
const file = (type: string, consumes: string) =>
  `types: { "${type}": ${SCHEMA}, Other: ${SCHEMA} }\nagents: [{ name: a, consumes: [${consumes}] }, { name: b, consumes: [Other] }]\npublish: { "${type}": { score: 2 }, Other: { score: 3 } }\n`;
const words = (text: string) => parseFlockFile(text).faults.map((fault) => formatFault("f", fault));

test.each(["constructor", "toString", "hasOwnProperty", "size", "timestamp"])(
  "a type may be named %s, as every object has such a property, or CEL such a function",
  async (type) => {
    const { definition, faults } = parseFlockFile(file(type, `{ types: [${type}], where: ${type}.score > 1 }`));
    expect(faults).toEqual([]);
    if (definition === undefined) throw new Error("expected a definition");
    let runs = 0;
    const flock = buildFlock(definition, {
      mode: RuntimeMode.TEST,
      resolveEngine: () => ({ name: "count", evaluate: async () => ({ outputs: [], usage: { inputTokens: ++runs } }) }),
    });
    await flock.publish(type, { score: 1 });
    await flock.publish(type, { score: 2 });
    await flock.runUntilIdle();
    expect(runs).toBe(1);
  },
);

test.each([
  ["int", "int_"],
  ["string", "string_"],
  ["google", "google_"],
  ["package", "package_"],
  ["in", "in_"],
  ["true", "true_"],
  ["My-Type", "My_Type"],
  ["News.Item", "News_Item"],
])("a type named %s is a fault where an expression reads it, and only there", (type, better) => {
  expect(words(file(type, `"${type}"`))).toEqual([]);
  expect(words(file(type, `{ types: ["${type}"], where: '${type}.score > 1' }`))).toEqual([
    expect.stringMatching(new RegExp(`^f:2:\\d+: error: CEL cannot read a type named ${type}\\. .*example ${better}:`)),
  ]);
});

test("a word that CEL keeps is no fault inside a text, or as a function", () => {
  const consumes = `{ types: [Other], where: 'string(Other.score) == "int.score" && int(Other.score) in [1, 2]' }`;
  const faults = words(file("int", `int, ${consumes}`).replace("Other:", "string: text, in: text, Other:"));
  expect(faults.filter((fault) => fault.includes("error"))).toEqual([]);
});

test("a key of a join must be written, also for a type named as a property that every object has", () => {
  const consumes = "{ types: [constructor, Other], join: { by: { Other: Other.score }, within: 5m } }";
  expect(words(file("constructor", consumes))).toContainEqual(expect.stringContaining("by has no key for constructor"));
});

test("__proto__ cannot name a type", () => {
  expect(words(file("__proto__", "Other"))).toContainEqual(expect.stringContaining("cannot name a type"));
});
