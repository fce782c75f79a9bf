import { basename } from "node:path";
import { expect, test } from "vitest";
import { file, flockdeck } from "./command.testing.js";

const VALID = `name: Valid
model: demo/essay
providers:
  local: { type: openai-compatible, base_url: http://127.0.0.1:11434/v1, api_key_env: LOCAL_KEY }
types:
  Topic: { type: object, properties: { title: { type: string } }, required: [title] }
  Draft: { type: object, properties: { id: { type: string }, score: { type: number } } }
  Article: text
agents:
  - name: reporter
    description: Write a short article on the topic.
    consumes: [Topic]
    publishes: [Article]
    model: local/small
  - name: editor
    description: Edit.
    consumes:
      - { types: [Draft, Article], where: "Draft.score > 3", from_agents: [reporter], tags: [urgent], join: { by: Draft.id, within: 5m } }
      - { types: [Topic, Topic, Topic] }
      - { types: [Draft], batch: { size: 10, timeout: 30s } }
    publishes: { types: [Draft], fan_out: 3, visibility: public, tags: [x] }
    max_concurrency: 2
publish:
  Topic: { title: The history of flight }
`;

test("the form of the design page is valid: exit 0", async () => {
  const { code, stdout } = await flockdeck(["--validate", file(VALID)]);
  expect(stdout).not.toMatch(/error/i);
  expect(code).toBe(0);
});

const line = (of: string) => VALID.split("\n").findIndex((text) => text.includes(of)) + 1;

test.each([
  ["an unknown type consumed", "consumes: [Topic]", "consumes: [Tpoic]", /Tpoic.*(Topic)/],
  ["an unknown type published", "publishes: [Article]", "publishes: [Artikel]", /Artikel.*Article/],
  ["bad CEL in where", '"Draft.score > 3"', '"Draft.score >"', /CEL|where/],
  ["a where over a type it does not have", '"Draft.score > 3"', '"Nope.score > 3"', /Nope/],
  ["bad CEL in join.by", "by: Draft.id", 'by: "Draft. +"', /CEL|by/],
  ["a span that is none", "within: 5m", "within: soon", /soon/],
  ["an unknown provider", "local/small", "nowhere/small", /nowhere/],
  ["an unknown demo model", "model: demo/essay", "model: demo/poem", /poem/],
  ["a fan_out that is no number", "fan_out: 3", "fan_out: many", /fan_out/],
  ["a fan_out of nothing", "fan_out: 3", "fan_out: 0", /fan_out/],
  ["a concurrency that is none", "max_concurrency: 2", "max_concurrency: 0", /max_concurrency/],
  ["a batch without a size that counts", "size: 10", "size: 0", /size/],
  ["a field that does not exist", "max_concurrency: 2", "max_concurency: 2", /max_concurency.*max_concurrency/],
  ["an agent named twice", "- name: editor", "- name: reporter", /reporter/],
  ["an unknown agent in from_agents", "from_agents: [reporter]", "from_agents: [nobody]", /nobody/],
  ["a sample of an unknown type", "  Topic: { title: The", "  Tropic: { title: The", /Tropic/],
  ["a sample that does not fit", "{ title: The history of flight }", "{ titel: The history of flight }", /title/],
  ["a schema that is none", "title: { type: string } }", "title: { type: strnig } }", /strnig|Topic|Schema.*string/],
  ["a provider without an address", "base_url: http://127.0.0.1:11434/v1, ", "", /base_url/],
  ["a mode, which no file may set", "name: Valid", "runtime_mode: api", /runtime_mode/],
])("%s: one line with file, line, what and how to mend; exit 2", async (_, from, to, words) => {
  const path = file(VALID.replace(from, to));
  const { code, stdout, stderr } = await flockdeck(["--validate", path]);
  expect(code).toBe(2);
  const faults = `${stdout}${stderr}`.split("\n").filter((text) => /error/.test(text));
  const fault = faults.find((text) => words.test(text)) ?? faults.join("\n");
  expect(fault).toMatch(words);
  expect(fault).toMatch(new RegExp(`${basename(path)}:${line(from)}\\b`));
});

test("every fault is told at once, in the order of the file", async () => {
  const broken = VALID.replace("consumes: [Topic]", "consumes: [Tpoic]")
    .replace("fan_out: 3", "fan_out: many")
    .replace("local/small", "nowhere/small");
  const { code, stdout } = await flockdeck(["--validate", file(broken)]);
  expect(code).toBe(2);
  const lines = [...stdout.matchAll(/^[^:\n]+:(\d+).*error/gm)].map((match) => Number(match[1]));
  expect(lines).toEqual([line("consumes: [Topic]"), line("local/small"), line("fan_out: 3")]);
});

test.each([
  ["broken YAML", "name: [unclosed\nagents: {", 2],
  ["an empty file", "", 2],
  ["a list", "- a\n- b\n", 2],
  ["no agents", "name: x\nagents: []\n", 2],
])("%s is a fault with a line, not a crash", async (_, content, expected) => {
  const path = file(content);
  const { code, stdout, stderr } = await flockdeck(["--validate", path]);
  expect(code).toBe(expected);
  expect(`${stdout}${stderr}`).toMatch(new RegExp(`${basename(path)}:\\d+`));
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /);
});

test.each(["--cli", "--serve"])("%s tells the same faults on standard error, and exits 2", async (mode) => {
  const path = file(VALID.replace("consumes: [Topic]", "consumes: [Tpoic]"));
  const { code, stdout, stderr } = await flockdeck([mode, path, "--json"]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(new RegExp(`${basename(path)}:${line("consumes: [Topic]")}\\b.*Tpoic`));
});
