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
      "f.yaml:15:55: error: This is not a CEL expression: it ends too early. Write a CEL expression, for example "Draft.score > 3".",
      "f.yaml:20:11: warning: Nothing can trigger ghost: Never never reaches it. Publish it from an agent, add it under publish:, or give it as input.",
      "f.yaml:22:11: error: There are two agents named "editor". Rename one of them.",
      "f.yaml:24:12: error: "gpt" is not a model name. Write PROVIDER/MODEL, for example openai/gpt-5-mini or demo/essay.",
    ]
  `);
});

const words = (text: string) => parseFlockFile(text, { strict: true }).faults.map((one) => formatFault("f.yaml", one));

test("every fault of one schema is told at once, at its place", () => {
  const file = `types:
  T:
    type: object
    properties:
      a: { type: string, format: dat }
      b: { type: strng }
      c: { type: string, pattern: "(" }
      d: { $ref: "#/$defs/No" }
      e: { type: array, items: { type: string, format: emial } }
      f: { $ref: "#/$defs/Yes~1No" }
      g: { patternProperties: { "[": { type: string } } }
      h: { $ref: "https://elsewhere.example/schema" }
    foo: 1
    $defs: { "Yes/No": { type: boolean } }
agents: [{ name: a, consumes: [T] }]
`;
  expect(words(file).filter((fault) => fault.includes("error"))).toMatchInlineSnapshot(`
    [
      "f.yaml:5:26: error: There is no format "dat". Did you mean date?",
      "f.yaml:6:12: error: Not a JSON Schema: type must be equal to one of the allowed values. Did you mean string?",
      "f.yaml:7:26: error: The pattern is no regular expression: /(/u: Unterminated group. Write one of ECMAScript, with the flag u.",
      "f.yaml:8:12: error: Nothing is at "#/$defs/No". A $ref points inside its own type, for example #/$defs/Section.",
      "f.yaml:9:48: error: There is no format "emial". Did you mean email?",
      "f.yaml:11:33: error: The pattern is no regular expression: /[/u: Unterminated character class. Write one of ECMAScript, with the flag u.",
      "f.yaml:12:12: error: Nothing is at "https://elsewhere.example/schema". A $ref points inside its own type, for example #/$defs/Section.",
      "f.yaml:13:5: error: JSON Schema has no keyword "foo". Remove it, or put it under properties if it is a field.",
    ]
  `);
});

test("an expression is judged also where a type beside it is unknown, and best_of where nothing is published", () => {
  const file = `types: { T: text, U: text }
agents:
  - name: a
    consumes: [{ types: [Zzzzzz], where: "Zzzzzz.a >" }]
  - name: b
    consumes: [{ types: [T, Zzzzzz], where: "Zzzzzz.a > 1 && T.text", join: { by: { T: T.text, Zzzzzz: "(" }, within: 5m } }]
  - name: c
    consumes: [{ types: [T, Zzzzzz], join: { by: Zzzzzz.id + T.nope, within: 5m } }]
    publishes: { types: [Zzzzzz], where: "Zzzzzz.a + ", validate: { check: "1 +", message: No. } }
    best_of: { n: 2, score: "Zzzzzz.a *" }
  - name: d
    consumes: [T]
    best_of: { n: 2, score: "Foo +" }
  - name: e
    consumes: [T]
    publishes: []
    best_of: { n: 2, score: Foo.a }
`;
  const places = words(file)
    .filter((fault) => fault.includes("error: ") && !fault.includes("no type"))
    .map((fault) => fault.replace(/ Write a CEL.*/, ""));
  expect(places).toMatchInlineSnapshot(`
    [
      "f.yaml:4:53: error: This is not a CEL expression: it ends too early.",
      "f.yaml:6:46: error: where does not fit its fields' types: Logical operator requires bool operands, got 'string'. T.text is of type string: write for example T.text == "news".",
      "f.yaml:6:106: error: This is not a CEL expression: it ends too early.",
      "f.yaml:8:62: error: T has no field "nope". Choose from: text.",
      "f.yaml:9:53: error: This is not a CEL expression: it ends too early.",
      "f.yaml:9:80: error: This is not a CEL expression: it ends too early.",
      "f.yaml:10:40: error: This is not a CEL expression: it ends too early.",
      "f.yaml:13:14: error: best_of has nothing to choose from: the agent publishes nothing. Add publishes: [TYPE], or remove best_of.",
      "f.yaml:13:35: error: This is not a CEL expression: it ends too early.",
      "f.yaml:17:14: error: best_of has nothing to choose from: the agent publishes nothing. Add publishes: [TYPE], or remove best_of.",
    ]
  `);
});
