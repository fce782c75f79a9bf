import { describe, expect, it } from "vitest";
import type { OutputRequest } from "../../core/engine.js";
import { textType } from "../run-context.testing.js";
import { schemaType } from "../schema-type.testing.js";
import { type OutputPlan, planOutput, readDrafts } from "./output-plan.js";

const node = schemaType("Node", {
  type: "object",
  properties: { name: { $ref: "#/$defs/name" }, children: { type: "array", items: { $ref: "#" } } },
  required: ["name"],
  $defs: { name: { type: "string" } },
});
const words = schemaType("Words", { type: "array", items: { type: "string" } });

function json(request: OutputRequest): Extract<OutputPlan, { kind: "json" }> {
  const plan = planOutput(request);
  if (plan.kind !== "json") throw new Error("not JSON");
  return plan;
}

describe("what a model is asked for", () => {
  it("text, where one text is wanted or nothing at all", () => {
    expect(planOutput({ types: [textType()], fanOut: 1 })).toEqual({ kind: "text", type: "Article" });
    expect(planOutput({ types: [], fanOut: 1 })).toEqual({ kind: "text", type: undefined });
  });

  it("a schema as it is, where it is one object", () => {
    expect(json({ types: [node], fanOut: 1 }).schema).toBe(node.jsonSchema);
  });

  it("a list, where the schema is no object", () => {
    expect(json({ types: [words], fanOut: 1 }).schema).toMatchObject({
      properties: { elements: { minItems: 1, maxItems: 1, items: { type: "array" } } },
    });
  });

  it("references that still point to what they meant, wherever the schema went", () => {
    const plan = json({ types: [node, textType(), node], fanOut: 3 });
    const type = schemaType("All", { ...plan.schema });
    const tree = { name: "a", children: [{ name: "b", children: [] }] };
    const good = {
      Node: Array.from({ length: 6 }, () => tree),
      Article: Array.from({ length: 3 }, () => ({ text: "x" })),
    };
    expect(type.check(good)).toMatchObject({ ok: true });
    const bad = { ...good, Node: Array.from({ length: 6 }, () => ({ name: "a", children: [{ name: 5 }] })) };
    expect(type.check(bad).ok).toBe(false);
  });
});

describe("reading the answer", () => {
  it.each<[string, OutputRequest, string, readonly unknown[]]>([
    ["one", { types: [node], fanOut: 1 }, '{"name":"a"}', [{ name: "a" }]],
    [
      "a list",
      { types: [node], fanOut: 2 },
      '{"elements":[{"name":"a"},{"name":"b"}]}',
      [{ name: "a" }, { name: "b" }],
    ],
    [
      "a list without its wrapper",
      { types: [node], fanOut: 2 },
      '[{"name":"a"},{"name":"b"}]',
      [{ name: "a" }, { name: "b" }],
    ],
    ["one that is no object", { types: [words], fanOut: 1 }, '{"elements":[["a","b"]]}', [["a", "b"]]],
    [
      "texts as strings",
      { types: [textType()], fanOut: 2 },
      '{"elements":["a",{"text":"b"}]}',
      [{ text: "a" }, { text: "b" }],
    ],
    [
      "several types",
      { types: [node, textType()], fanOut: 1 },
      '{"Article":{"text":"x"},"Node":{"name":"a"}}',
      [{ name: "a" }, { text: "x" }],
    ],
    [
      "a missing type, for the orchestrator to miss",
      { types: [node, textType()], fanOut: 1 },
      '{"Node":{"name":"a"}}',
      [{ name: "a" }],
    ],
  ])("%s", (_, request, answer, payloads) => {
    expect(readDrafts(json(request), answer).map((draft) => draft.payload)).toEqual(payloads);
  });

  it.each(["", "{", "no JSON at all"])("%j is invalid_output", (answer) => {
    expect(() => readDrafts(json({ types: [node], fanOut: 1 }), answer)).toThrowError(
      expect.objectContaining({ code: "invalid_output" }),
    );
  });
});
