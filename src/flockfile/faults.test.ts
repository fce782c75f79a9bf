import { expect, test } from "vitest";
import { BASE, expectFault, type Row } from "./faults.testing.js";
import { formatFault, parseFlockFile } from "./index.js";

const rows: Row[] = [
  // YAML
  {
    name: "an open bracket",
    replace: "consumes: [Topic]\n    publishes: [Draft]",
    by: "consumes: [Topic\n    ▶publishes: [Draft]",
    message: /Flow sequence/,
    hint: /close brackets/,
  },
  {
    name: "a tab as indent",
    replace: "  Article: text",
    by: "▶\tArticle: text",
    message: /Tabs are not allowed/,
    hint: /spaces/,
  },
  { name: "an unknown alias", replace: "consumes: [Draft]", by: "consumes: ▶*nope", message: /no anchor "&nope"/ },
  {
    name: "a text with a colon",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    description: ▶Write this: a draft",
    message: /Nested mappings/,
    hint: /Quote a text that has a colon/,
  },
  {
    name: "two documents",
    replace: "publish:\n",
    by: "▶---\npublish:\n",
    message: /multiple documents/,
    hint: /remove the line ---/,
  },
  {
    name: "a key twice",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    ▶publishes: [Draft]",
    message: /twice/,
  },
  {
    name: "an alias inside of what it names",
    replace: "[Article]",
    by: "{ types: [Article], visibility: &v { after: 5m, then: ▶*v } }",
    message: /stands inside of "&v"/,
  },
  {
    name: "nesting that overflows stacks",
    replace: "{ title: Flight }",
    by: `${"[".repeat(198)}▶${"[".repeat(100)}${"]".repeat(298)}`,
    message: /nested too deep/,
    hint: /at most 200 levels/,
  },
  {
    name: "nesting that overflows the parser",
    replace: "consumes: [Topic]",
    by: `consumes: ${"[".repeat(9_000)}`,
    message: /nested too deep/,
    anywhere: true,
  },
  {
    name: "a sample that is nested too deep for a payload",
    replace: "{ title: Flight }",
    by: `▶{ title: x, more: ${"[".repeat(128)}${"]".repeat(128)} }`,
    message: /does not fit Topic: \$ nests deeper than 128 levels/,
  },
  { name: "a type twice", replace: "  Article: text", by: "  Article: text\n  ▶Article: text", message: /twice/ },
  // keys
  {
    name: "an unknown key of the file",
    replace: "name: Small",
    by: "▶nam: Small",
    message: /no key "nam"/,
    hint: /Did you mean name\?/,
  },
  {
    name: "a runtime mode",
    replace: "name: Small",
    by: "name: Small\n▶mode: api",
    message: /no key "mode"/,
    hint: /cannot set the runtime mode/,
  },
  {
    name: "a runtime mode by its long name",
    replace: "name: Small",
    by: "▶runtime_mode: dashboard",
    message: /no key "runtime_mode"/,
    hint: /cannot set the runtime mode/,
  },
  {
    name: "a runtime mode of an agent",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    ▶runtime_mode: api",
    message: /no key/,
    hint: /cannot set the runtime mode/,
  },
  {
    name: "an unknown key of an agent",
    replace: "    publishes: [Draft]",
    by: "    ▶publishs: [Draft]",
    message: /no key "publishs"/,
    hint: /Did you mean publishes\?/,
  },
  {
    name: "an unknown key of a subscription",
    replace: "[Topic]",
    by: "[{ types: [Topic], ▶were: 'true' }]",
    message: /no key "were"/,
    hint: /Did you mean where\?/,
  },
  {
    name: "an unknown key of an output",
    replace: "[Article]",
    by: "{ types: [Article], ▶fanout: 2 }",
    message: /no key "fanout"/,
    hint: /fan_out/,
  },
  {
    name: "an unknown key of a join",
    replace: "[Draft]\n    publishes: [Article]",
    by: "[{ types: [Draft], join: { by: Draft.id, within: 5m, ▶wthin: 5m } }]",
    message: /no key "wthin"/,
  },
  // shapes
  { name: "a file that is a list", replace: BASE, by: "▶- 1", message: /must be a map, not a list/ },
  { name: "an empty file", replace: BASE, by: "▶", message: /empty/ },
  { name: "no agents at all", replace: BASE, by: "▶types: { Article: text }\n", message: /needs agents/ },
  {
    name: "agents as a map",
    replace: BASE.slice(BASE.indexOf("agents:"), BASE.indexOf("publish:\n")),
    by: "agents: ▶{}\n",
    message: /must be a list, not a map/,
  },
  {
    name: "an agent that is a word",
    replace: "  - name: editor\n    consumes: [Draft]\n    publishes: [Article]",
    by: "  - ▶editor",
    message: /must be a map, not "editor"/,
  },
  { name: "a name that is a number", replace: "name: Small", by: "name: ▶5", message: /name must be a text, not 5/ },
  {
    name: "consumes as a word",
    replace: "consumes: [Topic]",
    by: "consumes: ▶Topic",
    message: /must be a list, not "Topic"/,
    hint: /\[Topic\]/,
  },
  { name: "empty consumes", replace: "consumes: [Topic]", by: "consumes: ▶[]", message: /consumes is empty/ },
  { name: "a subscription without types", replace: "[Topic]", by: "[▶{ tags: [x] }]", message: /needs types/ },
  {
    name: "max_concurrency below one",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    max_concurrency: ▶0",
    message: /whole number of at least 1, not 0/,
    hint: /Write for example max_concurrency: 3\./,
  },
  {
    name: "fan_out without end",
    replace: "[Article]",
    by: "{ types: [Article], fan_out: ▶1000000000 }",
    message: /fan_out must be a whole number of at least 1 and at most 1000, not 1000000000/,
  },
  {
    name: "candidates without end",
    replace: "    publishes: [Article]",
    by: "    publishes: [Article]\n    best_of: { n: ▶1000000000, score: size(Article.text) }",
    message: /n must be a whole number of at least 1 and at most 100,/,
  },
  {
    name: "a priority that is a word",
    replace: "[Topic]",
    by: "[{ types: [Topic], priority: ▶high }]",
    message: /priority must be a whole number, not "high"/,
    hint: /priority: 3/,
  },
  {
    name: "fan_out as a word",
    replace: "[Article]",
    by: "{ types: [Article], fan_out: ▶many }",
    message: /fan_out must be a whole number/,
  },
  {
    name: "a boolean as a word",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    prevent_self_trigger: ▶sometimes",
    message: /must be true or false/,
  },
  {
    name: "a mode that is none",
    replace: "[Topic]",
    by: "[{ types: [Topic], mode: ▶event }]",
    message: /mode cannot be "event"/,
    hint: /events/,
  },
  {
    name: "a visibility that is none",
    replace: "[Article]",
    by: "{ types: [Article], visibility: ▶secret }",
    message: /no visibility/,
    hint: /private/,
  },
  {
    name: "a visibility of two kinds",
    replace: "[Article]",
    by: "{ types: [Article], visibility: ▶{ tenant: a, labelled: [x] } }",
    message: /one kind/,
  },
  // models and providers
  {
    name: "a model without provider",
    replace: "model: demo/essay",
    by: "model: ▶gpt-5",
    message: /not a model name/,
    hint: /PROVIDER\/MODEL/,
  },
  {
    name: "an unknown provider",
    replace: "model: demo/essay",
    by: "model: ▶opnai/gpt-5",
    message: /no provider "opnai"/,
    hint: /openai/,
  },
  {
    name: "a model that the engines refuse",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    model: ▶demo/novel",
    message: /no demo model/,
  },
  {
    name: "a provider without address",
    replace: "name: Small",
    by: "name: Small\nproviders:\n  ▶local: { type: openai-compatible }",
    message: /needs a base_url/,
  },
  {
    name: "a provider's address",
    replace: "name: Small",
    by: "name: Small\nproviders:\n  local: { base_url: ▶localhost }",
    message: /http or https/,
  },
  {
    name: "a provider's type",
    replace: "name: Small",
    by: "name: Small\nproviders:\n  local: { type: ▶openai, base_url: http://h/v1 }",
    message: /type cannot be "openai"/,
  },
  {
    name: "a key in the file",
    replace: "name: Small",
    by: "name: Small\nproviders:\n  local: { base_url: http://h/v1, ▶api_key: s }",
    message: /no key "api_key"/,
    hint: /api_key_env/,
  },
  {
    name: "a provider that is built in",
    replace: "name: Small",
    by: "name: Small\nproviders:\n  ▶openai: { base_url: http://h/v1 }",
    message: /built-in/,
  },
];

test("there is no fault in the base", () => {
  expect(parseFlockFile(BASE).faults).toEqual([]);
});

test.each(rows)("$name", expectFault);

test("a fault is one line, whatever it names", () => {
  const name = "a\\nb\\u001b[31m\\u2028\\u202e";
  const text = BASE.replace("name: editor", `name: "${name}"`).replace("[Topic]", `["${name}"]`);
  const { faults } = parseFlockFile(text);
  const lines = faults.map((fault) => formatFault("odd\npath.yaml", fault));
  expect(lines.filter((line) => line.includes(`"${name}"`))).toHaveLength(2);
  for (const line of lines) {
    expect(line).toMatch(/^odd\\npath\.yaml:\d+:\d+: /);
    expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  }
});
