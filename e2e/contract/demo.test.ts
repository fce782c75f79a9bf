import { expect, test } from "vitest";
import { file, tell } from "./command.testing.js";
import { follow, type Message, number, ofType, payloads, record } from "./messages.testing.js";

const flock = (model: string, published = "text") => `
name: Demo
model: ${model}
types:
  Line: { type: object, properties: { rank: { type: integer }, text: { type: string }, more: { type: string } } }
  Out: ${published}
agents:
  - { name: one, description: Does it., consumes: [Line], publishes: [Out] }
publish:
  Line: { rank: 3, text: Kites and gliders, more: not this }
`;

async function stream(model: string, payload?: unknown) {
  const args = payload === undefined ? [] : ["--publish", `Line=${JSON.stringify(payload)}`];
  const told = await tell(file(flock(model)), args);
  const streams = [...follow(told.messages).values()];
  return { ...told, text: streams.at(-1)?.text ?? "", complete: streams.at(-1)?.complete };
}

test.each([
  ["plain", "one two three"],
  ["surrogate pairs at every place", "a👋🏽b👨‍👩‍👧‍👦𝒳𝒴𝒵 é ñ 中文 🇩🇪"],
  ["white space and controls", "  lead\r\n\ttab\u0001 trail \n\n"],
  ["markup", '<b>"\\u0041"</b> `x` $y \u2028 {"a":1}'],
  ["one unit", "x"],
])("demo/echo streams the first string field exactly, unit for unit: %s", async (_, text) => {
  const told = await stream("demo/echo?tps=0&chunk=1", { rank: 1, text, more: "no" });
  expect(told.text).toBe(text);
  expect(told.complete).toMatchObject({ status: "completed", length: text.length, full_content: text });
  expect(payloads(told.messages, "Out")).toEqual([{ text }]);
});

test.each([1, 2, 3, 5])("demo/echo with chunk=%i never splits a pair", async (chunk) => {
  const text = "👋a🎉🎉bb𝒳ccc🇩🇪".repeat(6);
  const told = await stream(`demo/echo?tps=60&chunk=${chunk}`, { text });
  expect(told.text).toBe(text);
});

test("demo/echo takes the field that comes first in the payload", async () => {
  expect((await stream("demo/echo?tps=0", { more: "first", text: "second" })).text).toBe("first");
});

const seconds = (messages: readonly Message[]) => number(ofType(messages, "stream_complete")[0]?.duration);

test("tps and chunk set the pace: a quarter of the tokens or of the rate, four times the time", async () => {
  const text = "0123456789abcdef".repeat(20);
  const [fast, slow, small] = await Promise.all([
    stream("demo/echo?tps=100&chunk=4", { text }),
    stream("demo/echo?tps=25&chunk=4", { text }),
    stream("demo/echo?tps=100&chunk=1", { text }),
  ]);
  expect([fast.text, slow.text, small.text]).toEqual([text, text, text]);
  for (const other of [slow, small]) {
    const ratio = seconds(other.messages) / seconds(fast.messages);
    expect(ratio).toBeGreaterThan(3);
    expect(ratio).toBeLessThan(5);
  }
});

test("the text streams while it is made, at most 20 chunks a second", async () => {
  const { messages } = await stream("demo/echo?tps=100&chunk=1", { text: "x".repeat(150) });
  const chunks = ofType(messages, "stream_chunk");
  expect(chunks.length).toBeGreaterThan(8);
  expect(chunks.length).toBeLessThanOrEqual(Math.ceil(seconds(messages) * 20) + 2);
});

test("the pace holds however many run", async () => {
  const agents = Array.from({ length: 32 }, (_, index) => ({
    name: `a${index}`,
    description: "Repeat.",
    consumes: ["Line"],
    publishes: ["Out"],
  }));
  const many = flock("demo/echo?tps=100&chunk=4").replace(
    /agents:[\s\S]*publish:/,
    `agents: ${JSON.stringify(agents)}\npublish:`,
  );
  const publish = ["--publish", `Line=${JSON.stringify({ text: "0123456789".repeat(60) })}`];
  const [one, all] = [await tell(file(flock("demo/echo?tps=100&chunk=4")), publish), await tell(file(many), publish)];
  const longest = Math.max(...ofType(all.messages, "stream_complete").map((message) => number(message.duration)));
  expect(ofType(all.messages, "stream_complete")).toHaveLength(32);
  expect(longest / seconds(one.messages)).toBeLessThan(1.5);
});

test.each(["drop", "error", "no_finish"])("demo/fail how=%s: failed, with the text kept", async (how) => {
  const { code, messages } = await stream(`demo/fail?after=40&how=${how}`);
  expect(code).toBe(1);
  const streams = [...follow(messages).values()];
  for (const { text, complete } of streams) {
    expect(text).toHaveLength(40);
    expect(complete).toMatchObject({ status: "failed", length: 40, full_content: text });
    expect(record(complete?.error)).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  }
  expect(streams.length).toBeGreaterThan(0);
  const errors = ofType(messages, "agent_error");
  expect(errors.at(-1)).toMatchObject({ agent_name: "one", will_retry: false, error: { code: expect.any(String) } });
  expect(payloads(messages, "Out")).toEqual([]);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "failed" });
});

test("demo/fail how=stall: the text, then silence", async () => {
  const { code, messages } = await tell(file(flock("demo/fail?after=40&how=stall")), ["--timeout", "3"]);
  expect(code).toBe(1);
  const [stalled] = [...follow(messages).values()];
  expect(stalled?.text).toHaveLength(40);
  expect(stalled?.complete?.status).not.toBe("completed");
});

test("demo/essay is the same text for the same seed, another for another, of the length asked", async () => {
  const essay = async (parameters: string, payload?: unknown) =>
    (await stream(`demo/essay?tps=0&chars=3000${parameters}`, payload)).text;
  const [first, again, standard, other, about] = await Promise.all([
    essay("&seed=1"),
    essay("&seed=1"),
    essay(""),
    essay("&seed=2"),
    essay("&seed=1", { text: "Submarines" }),
  ]);
  expect(first).toBe(again);
  expect(standard).toBe(first);
  expect(other).not.toBe(first);
  expect(about).not.toBe(first);
  expect(about).toContain("Submarines");
  expect(first).toContain("Kites and gliders");
  expect(first).toHaveLength(3000);
  for (const markup of [/^#{1,3} /m, /^[-*] |^1\. /m, /^\|.*\|$/m, /^```/m, /\[[^\]]+\]\([^)]+\)/]) {
    expect(first).toMatch(markup);
  }
});

test("the defaults of demo/essay: 2000 units at 40 tokens a second", async () => {
  expect((await stream("demo/essay?tps=0")).text).toHaveLength(2000);
});

const SCHEMA = `
    type: object
    properties:
      title: { type: string, minLength: 3, maxLength: 40 }
      score: { type: integer, minimum: 7, maximum: 9 }
      kind: { enum: [red, green] }
      tags: { type: array, items: { type: string }, minItems: 2 }
      nested: { type: object, properties: { done: { type: boolean } }, required: [done] }
    required: [title, score, kind, tags, nested]
    additionalProperties: false`;

test.each(["demo/essay?tps=0", "demo/echo?tps=0"])("%s emits JSON that satisfies a structured type", async (model) => {
  const { code, messages } = await tell(file(flock(model, SCHEMA)));
  expect(code).toBe(0);
  const [payload] = payloads(messages, "Out").map(record);
  expect(Object.keys(payload ?? {}).sort()).toEqual(["kind", "nested", "score", "tags", "title"]);
  expect(payload?.score).toBeGreaterThanOrEqual(7);
  expect(payload?.score).toBeLessThanOrEqual(9);
  expect(["red", "green"]).toContain(payload?.kind);
  expect(Array.isArray(payload?.tags) ? payload.tags.length : 0).toBeGreaterThanOrEqual(2);
  expect(typeof record(payload?.nested).done).toBe("boolean");
});
