import { describe, expect, test } from "vitest";
import { formatFault, parseFlockFile } from "./index.js";

const BASE = `name: Small
model: demo/essay
types:
  Topic: { type: object, properties: { title: { type: string }, n: { type: integer } }, required: [title] }
  Draft: { type: object, properties: { id: { type: string }, score: { type: number } }, additionalProperties: false }
  Article: text
agents:
  - name: writer
    consumes: [Topic]
    publishes: [Draft]
  - name: editor
    consumes: [Draft]
    publishes: [Article]
publish:
  Topic: { title: Flight }
`;

/** `▶` stands before the place of the fault. */
interface Row {
  readonly name: string;
  readonly replace: string;
  readonly by: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
  readonly severity?: "warning";
  readonly strict?: boolean;
}

const rows: Row[] = [
  // YAML
  {
    name: "an open bracket",
    replace: "consumes: [Topic]\n    publishes: [Draft]",
    by: "consumes: [Topic\n    ▶publishes: [Draft]",
    message: /Flow sequence/,
  },
  { name: "a tab as indent", replace: "  Article: text", by: "▶\tArticle: text", message: /Tabs are not allowed/ },
  { name: "an unknown alias", replace: "consumes: [Draft]", by: "consumes: ▶*nope", message: /no anchor "&nope"/ },
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
  // types
  {
    name: "an unknown type in consumes",
    replace: "consumes: [Topic]",
    by: "consumes: [▶Topik]",
    message: /no type "Topik"/,
    hint: /Did you mean Topic\?/,
  },
  {
    name: "an unknown type in publishes",
    replace: "publishes: [Draft]",
    by: "publishes: [▶Drafft]",
    message: /no type "Drafft"/,
    hint: /Draft/,
  },
  {
    name: "an unknown type in the sample",
    replace: "publish:\n",
    by: "publish:\n  ▶Topick: {}\n",
    message: /no type "Topick"/,
    hint: /Topic/,
  },
  {
    name: "a type's name",
    replace: "  Article: text",
    by: "  Article: text\n  ▶two words: text",
    message: /cannot name a type/,
  },
  {
    name: "a type that is a word",
    replace: "Article: text",
    by: "Article: ▶markdown",
    message: /must be text or a JSON Schema/,
  },
  {
    name: "a schema with a wrong type",
    replace: "n: { type: integer }",
    by: "n: { ▶type: integr }",
    message: /Not a JSON Schema: type/,
    hint: /integer/,
  },
  {
    name: "a schema with an unknown keyword",
    replace: "required: [title]",
    by: "▶requird: [title]",
    message: /no keyword "requird"/,
    hint: /required/,
  },
  {
    name: "a schema with an unknown format",
    replace: "n: { type: integer }",
    by: "n: { type: string, ▶format: datetime }",
    message: /no format "datetime"/,
    hint: /date-time/,
  },
  {
    name: "a schema with a dead reference",
    replace: "n: { type: integer }",
    by: "n: { ▶$ref: '#/$defs/Nope' }",
    message: /Nothing is at "#\/\$defs\/Nope"/,
  },
  {
    name: "a sample with a wrong field",
    replace: "{ title: Flight }",
    by: "{ title: x, ▶n: many }",
    message: /\$\.n must be integer/,
  },
  {
    name: "a sample without a field",
    replace: "  Topic: { title: Flight }",
    by: "  ▶Topic: { n: 5 }".replace("▶Topic: ", "Topic: ▶"),
    message: /\$\.title is required/,
  },
  // agents
  {
    name: "two agents of one name",
    replace: "name: editor",
    by: "name: ▶writer",
    message: /two agents named "writer"/,
  },
  { name: "an agent without a name", replace: "- name: editor\n    ", by: "- ▶", message: /needs a name/ },
  { name: "an agent's name", replace: "name: editor", by: 'name: ▶"a\\tb"', message: /cannot name an agent/ },
  {
    name: "an unknown agent in from_agents",
    replace: "[Draft]\n    publishes: [Article]",
    by: "[{ types: [Draft], from_agents: [▶writter] }]",
    message: /no agent "writter"/,
    hint: /writer/,
  },
  // CEL
  {
    name: "CEL that does not parse",
    replace: "[Topic]",
    by: "[{ types: [Topic], where: Topic.n >▶ }]",
    message: /not a CEL expression/,
  },
  {
    name: "quoted CEL that does not parse",
    replace: "[Topic]",
    by: '[{ types: [Topic], where: "Topic.n > 3 ▶3" }]',
    message: /not a CEL expression/,
  },
  {
    name: "CEL with an unknown function",
    replace: "[Topic]",
    by: '[{ types: [Topic], where: "▶foo(Topic.n)" }]',
    message: /not a CEL expression/,
  },
  {
    name: "CEL on an unknown type",
    replace: "[Topic]",
    by: '[{ types: [Topic], where: "▶Topik.n > 3" }]',
    message: /"Topik", which is no artifact type/,
    hint: /Topic/,
  },
  {
    name: "CEL on a type of elsewhere",
    replace: "[Topic]",
    by: '[{ types: [Topic], where: "1 < ▶Draft.score" }]',
    message: /Draft, which is not one of its types/,
  },
  {
    name: "CEL on a field that cannot be",
    replace: "[Draft]\n    publishes: [Article]",
    by: "[{ types: [Draft], where: ▶Draft.scroe > 3.0 }]",
    message: /no field "scroe"/,
    hint: /score/,
  },
  {
    name: "CEL on a field that is not told",
    replace: "[Topic]",
    by: "[{ types: [Topic], where: ▶Topic.urgent }]",
    message: /schema of Topic has no field "urgent"/,
    severity: "warning",
  },
  {
    name: "CEL that yields no truth",
    replace: "[Topic]",
    by: '[{ types: [Topic], where: ▶"size(Topic.title)" }]'.replace('▶"', '"▶'),
    message: /must yield true or false, but yields int/,
  },
  {
    name: "a key of two types",
    replace: "[Draft]\n    publishes: [Article]",
    by: '[{ types: [Draft, Topic], join: { by: "▶Draft.id == Topic.title", within: 5m } }]',
    message: /exactly one type/,
    hint: /by: \{ Draft: Draft.id, Topic: Topic.id \}/,
  },
  {
    name: "keys for some types only",
    replace: "[Draft]\n    publishes: [Article]",
    by: "[{ types: [Draft, Topic], join: { by: ▶{ Draft: Draft.id }, within: 5m } }]",
    message: /no key for Topic/,
  },
  {
    name: "an output condition over two types",
    replace: "publishes: [Draft]",
    by: 'publishes: { types: [Draft, Article], where: "▶Draft.id == Article.text" }',
    message: /each artifact by itself/,
  },
  // durations, batches, schedules
  {
    name: "a duration without unit",
    replace: "[Topic]",
    by: "[{ types: [Topic], join: { by: Topic.title, within: ▶soon } }]",
    message: /within must be a duration, not "soon"/,
    hint: /5m/,
  },
  {
    name: "a join without window",
    replace: "[Topic]",
    by: "[{ types: [Topic], join: ▶{ by: Topic.title } }]",
    message: /join needs within/,
  },
  {
    name: "a batch without bound",
    replace: "[Topic]",
    by: "[{ types: [Topic], batch: ▶{} }]",
    message: /batch needs size, timeout or both/,
  },
  {
    name: "a batch timeout",
    replace: "[Topic]",
    by: "[{ types: [Topic], batch: { timeout: ▶30 } }]",
    message: /timeout must be a duration, not 30/,
  },
  {
    name: "a schedule of two kinds",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    schedule: ▶{ every: 5m, cron: '* * * * *' }",
    message: /exactly one/,
  },
  {
    name: "a cron pattern",
    replace: "    publishes: [Draft]",
    by: "    publishes: [Draft]\n    schedule: { cron: ▶99 * * * * }",
    message: /not a cron pattern/,
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
  // the flow
  {
    name: "an agent that consumes nothing",
    replace: "name: editor\n    consumes: [Draft]",
    by: "name: ▶editor",
    message: /Nothing can trigger editor: it consumes nothing/,
  },
  {
    name: "an agent that nothing triggers, judged by itself",
    replace: "name: editor\n    consumes: [Draft]",
    by: "name: ▶editor\n    consumes: [Draft, Article]",
    message: /Nothing can trigger editor: Article never reaches it/,
    strict: true,
  },
  {
    name: "an agent that nothing in the file triggers",
    replace: "name: editor\n    consumes: [Draft]",
    by: "name: ▶editor\n    consumes: [Draft, Article]",
    message: /Nothing can trigger editor/,
    severity: "warning",
  },
  {
    name: "an agent that listens to the wrong agent",
    replace: "name: editor\n    consumes: [Draft]",
    by: "name: ▶editor\n    consumes: { types: [Draft], from_agents: [external] }",
    message: /Nothing can trigger editor: Draft never/,
    strict: true,
  },
  {
    name: "a type that is not used",
    replace: "  Article: text",
    by: "  Article: text\n  ▶Spare: text",
    message: /Nobody consumes or publishes Spare/,
    severity: "warning",
  },
  {
    name: "a circle",
    replace: "name: writer\n    consumes: [Topic]",
    by: "name: ▶writer\n    consumes: [{ types: [Topic] }, { types: [Article] }]",
    message: /trigger each other: writer → editor → writer/,
    severity: "warning",
  },
];

const checkModel = (model: string) => (model === "demo/novel" ? `There is no demo model "${model}".` : undefined);

function placeOf(marked: string): { text: string; line: number; column: number } {
  const before = marked.slice(0, marked.indexOf("▶"));
  const line = before.split("\n").length;
  return { text: marked.replace("▶", ""), line, column: before.length - before.lastIndexOf("\n") };
}

describe("each fault is told once, at its place", () => {
  test("there is none in the base", () => {
    expect(parseFlockFile(BASE, { checkModel }).faults).toEqual([]);
  });

  test.each(rows)("$name", (row) => {
    expect(BASE).toContain(row.replace);
    const { text, line, column } = placeOf(BASE.replace(row.replace, () => row.by));
    const { definition, faults } = parseFlockFile(text, { checkModel, strict: row.strict ?? false });
    // What an error leaves unused is also told, as warnings.
    const told = row.severity === "warning" ? faults : faults.filter((fault) => fault.severity === "error");
    expect(told.map((fault) => formatFault("f", fault))).toEqual([expect.stringMatching(row.message)]);
    expect(told[0]).toMatchObject({ line, column, severity: row.severity ?? "error" });
    if (row.hint) expect(told[0]?.hint).toMatch(row.hint);
    expect(definition === undefined).toBe(row.severity !== "warning");
  });
});
