import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFlockFile } from "./index.js";

const NAMES = ["newsroom", "compare-models", "wide"];
const read = (name: string) => readFileSync(new URL(`../../resources/flocks/${name}.yaml`, import.meta.url), "utf8");

describe.each(NAMES)("the example %s", (name) => {
  test("has no fault, and is judged strictly without error", () => {
    expect(parseFlockFile(read(name)).faults).toEqual([]);
    const strict = parseFlockFile(read(name), { strict: true });
    expect(strict.definition).toBeDefined();
    expect(strict.faults.filter((fault) => !fault.message.startsWith("Nobody consumes"))).toEqual([]);
  });

  test("has a sample", () => {
    expect(parseFlockFile(read(name)).definition?.sample).toHaveLength(1);
  });
});

test("eight agents of the newsroom wait for the topic alone", () => {
  const agents = parseFlockFile(read("newsroom")).definition?.agents ?? [];
  expect(agents.filter((agent) => agent.consumes[0]?.types.join() === "Topic")).toHaveLength(8);
});

test("the first example of the manual has no fault", () => {
  const manual = readFileSync(new URL("../../docs/flock-files.md", import.meta.url), "utf8");
  const example = /```yaml\n(name: [\s\S]*?)```/.exec(manual)?.[1] ?? "";
  expect(parseFlockFile(example).faults).toEqual([]);
});

test("the wide flock has 64 agents", () => {
  expect(parseFlockFile(read("wide")).definition?.agents).toHaveLength(64);
});

const scraps = fc.constantFrom(
  "",
  "-",
  ":",
  "[",
  "]",
  "{",
  "}",
  "&a",
  "*a",
  "|",
  ">",
  "'",
  '"',
  "\t",
  "\n",
  "#",
  "!!x",
  "? ",
  "null",
  "5",
  "<<",
  "---\n",
  "%",
  "\u0000",
);

test("no cut and no scrap makes the reader throw, and every fault has a place and words", () => {
  const texts = ["newsroom", "compare-models"].map(read);
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(80), scraps, (text, at, cut, scrap) => {
      const start = at % text.length;
      const changed = text.slice(0, start) + scrap + text.slice(start + cut);
      const { definition, faults } = parseFlockFile(changed, { strict: true });
      expect(definition !== undefined).toBe(faults.every((fault) => fault.severity === "warning"));
      for (const fault of faults) {
        expect(fault.line).toBeGreaterThanOrEqual(1);
        expect(fault.line).toBeLessThanOrEqual(changed.split("\n").length);
        expect(fault.column).toBeGreaterThanOrEqual(1);
        expect(fault.message).not.toBe("");
      }
    }),
    { numRuns: 150 },
  );
});

const keyword = fc.constantFrom(
  "type",
  "properties",
  "required",
  "items",
  "$ref",
  "$id",
  "$schema",
  "enum",
  "format",
  "pattern",
  "minimum",
  "additionalProperties",
  "allOf",
  "not",
  "$defs",
  "if",
  "dependentRequired",
);
const scrap = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom("object", "text", "#/$defs/A", "https://x/", "[", "date-time", "#"),
);
const schema = fc.letrec((tie) => ({
  schema: fc.dictionary(
    keyword,
    fc.oneof({ maxDepth: 3 }, scrap, tie("schema"), fc.array(tie("schema"), { maxLength: 2 })),
    { maxKeys: 4 },
  ),
})).schema;

test("no schema makes the reader throw, and one without an error can check anything", () => {
  fc.assert(
    fc.property(schema, fc.boolean(), fc.jsonValue(), (type, strict, payload) => {
      const text = JSON.stringify({ types: { A: type }, agents: [{ name: "a", consumes: ["A"] }] });
      const { definition } = parseFlockFile(text, { strict });
      definition?.types[0]?.check(payload);
    }),
    { numRuns: 300 },
  );
});
