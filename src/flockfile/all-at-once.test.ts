import { expect, test } from "vitest";
import { formatFault, parseFlockFile } from "./index.js";

const FILE = `name: Broken
model: opnai/gpt-5
mode: api
types:
  Topic: { type: object, properties: { title: { type: strin } }, requird: [title] }
  Draft: { type: object, properties: { score: { type: number } } }
  Article: text
  Orphan: text
  Never: text
agents:
  - name: writer
    consumes: [Topik]
    publishes: [Draft]
  - name: editor
    consumes: [{ types: [Draft], where: "Draft.score >" }]
    publishes: [Article]
  - name: critic
    consumes: [Article]
    publishes: [Draft]
  - name: ghost
    consumes: [Never]
  - name: editor
    consumes: [Article]
    model: gpt
publish:
  Topic: { title: 5 }
`;

test("every fault of a file is told at once, in the order of the file", () => {
  const { definition, faults } = parseFlockFile(FILE, { strict: true });
  expect(definition).toBeUndefined();
  expect(faults.map((fault) => formatFault("f.yaml", fault))).toMatchInlineSnapshot(`
    [
      "f.yaml:2:8: error: There is no provider "opnai". Did you mean openai? Others are added under providers:.",
      "f.yaml:3:1: error: A flock file has no key "mode". A flock file cannot set the runtime mode; how Flockdeck is started decides it.",
      "f.yaml:5:49: error: Not a JSON Schema: type must be equal to one of the allowed values. Did you mean string?",
      "f.yaml:5:66: error: JSON Schema has no keyword "requird". Did you mean required?",
      "f.yaml:8:3: warning: Nobody consumes or publishes Orphan. Use it, or remove it.",
      "f.yaml:12:16: error: There is no type "Topik". Did you mean Topic?",
      "f.yaml:14:11: warning: These agents trigger each other: editor → critic → editor. The circuit breaker stops them after 1000 activations; a where: that ends the circle is better.",
      "f.yaml:15:55: error: This is not a CEL expression: Unexpected token: EOF. Write a CEL expression, for example "Draft.score > 3".",
      "f.yaml:20:11: error: Nothing can trigger ghost: Never never reaches it. Publish it from an agent, or add it under publish:.",
      "f.yaml:22:11: error: There are two agents named "editor". Rename one of them.",
      "f.yaml:24:12: error: "gpt" is not a model name. Write PROVIDER/MODEL, for example openai/gpt-5-mini or demo/essay.",
    ]
  `);
});
