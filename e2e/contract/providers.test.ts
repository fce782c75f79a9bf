import { expect, test } from "vitest";
import { Command, file, flockdeck, parse, tell } from "./command.testing.js";
import { expectShapes, follow, ofType, payloads, record } from "./messages.testing.js";
import { type Answer, mockModel } from "./mock-model.testing.js";

const flock = (url: string, published = "text", key = "api_key_env: MOCK_KEY") =>
  file(`name: Providers
model: local/small
providers:
  local: { type: openai-compatible, base_url: "${url}", ${key} }
types:
  Topic: { type: object, properties: { title: { type: string } }, required: [title] }
  Out: ${published}
agents:
  - { name: reporter, description: Write about it., consumes: [Topic], publishes: [Out] }
publish:
  Topic: { title: Kites }
`);

const KEY = { env: { MOCK_KEY: "sk-contract" } };

test("an OpenAI-compatible endpoint streams: text is seen before the answer is over", async () => {
  let answer: Answer | undefined;
  const model = await mockModel((opened) => {
    answer = opened.open().text("Hel", "lo 👋");
  });
  const run = new Command(["--cli", flock(model.url), "--json"], KEY);
  await run.until(
    () =>
      ofType(run.messages(), "stream_chunk")
        .map((chunk) => chunk.chunk)
        .join("") === "Hello 👋",
  );
  answer?.text(" world", "!").finish();
  const { code, stdout } = await run.finished;
  const messages = parse(stdout);
  expect(code).toBe(0);
  expectShapes(messages);
  expect([...follow(messages).values()][0]).toMatchObject({
    text: "Hello 👋 world!",
    complete: { status: "completed" },
  });
  expect(payloads(messages, "Out")).toEqual([{ text: "Hello 👋 world!" }]);

  const [asked] = model.asked;
  expect(asked?.path).toBe("/v1/chat/completions");
  expect(asked?.headers.authorization).toBe("Bearer sk-contract");
  expect(asked?.body).toMatchObject({ model: "small", stream: true });
  expect(JSON.stringify(asked?.body.messages)).toContain("Kites");
  expect(JSON.stringify(asked?.body.messages)).toContain("Write about it.");
  expect(JSON.stringify(messages)).not.toContain("sk-contract");
});

test("a pair that the provider splits over two deltas stays whole", async () => {
  const model = await mockModel((answer) => answer.open().text("a\ud83d", "\udc4bb", "c\ud83d", "\udc4b").finish());
  const { code, messages } = await tell(flock(model.url), [], KEY);
  expect(code).toBe(0);
  expect([...follow(messages).values()].map((held) => held.text)).toEqual(["a👋bc👋"]);
});

test("a missing key is one clear line that names the variable", async () => {
  const model = await mockModel((answer) => answer.open().finish());
  const path = flock(model.url);
  const plain = await flockdeck(["--cli", path], { env: { MOCK_KEY: undefined } });
  expect(plain.code).not.toBe(0);
  const lines = `${plain.stdout}\n${plain.stderr}`.split("\n").filter((line) => line.includes("MOCK_KEY"));
  expect(lines).toHaveLength(1);
  expect(`${plain.stdout}${plain.stderr}`).not.toMatch(/\n\s+at /);
  expect(model.asked).toEqual([]);
});

test.each([
  ["openai/gpt-5-mini", "OPENAI_API_KEY"],
  ["anthropic/claude-sonnet-4-5", "ANTHROPIC_API_KEY"],
  ["google/gemini-2.5-flash", "GOOGLE_GENERATIVE_AI_API_KEY"],
])("the missing key of %s names %s", async (model, variable) => {
  const none = { OPENAI_API_KEY: undefined, ANTHROPIC_API_KEY: undefined, GOOGLE_GENERATIVE_AI_API_KEY: undefined };
  const env = { ...none, GEMINI_API_KEY: undefined, GOOGLE_API_KEY: undefined };
  const { code, stdout, stderr } = await flockdeck(["--cli", flock("http://127.0.0.1:1/v1"), "--model", model], {
    env,
  });
  expect(code).not.toBe(0);
  expect(`${stdout}${stderr}`).toContain(variable);
});

test.each([
  ["ends without a finish", (answer: Answer) => answer.open().text("half").end()],
  ["drops the connection", (answer: Answer) => answer.open().text("half").drop()],
])("a provider that %s: failed, never done, and the text is kept", async (_, reply) => {
  const model = await mockModel((answer) => {
    reply(answer);
  });
  const { code, messages } = await tell(flock(model.url), [], KEY);
  expect(code).toBe(1);
  const streams = [...follow(messages).values()];
  expect(streams.length).toBeGreaterThan(0);
  for (const { text, complete } of streams) {
    expect(complete).toMatchObject({ status: "failed", error: { code: expect.any(String) } });
    expect("half".startsWith(text)).toBe(true);
  }
  expect(payloads(messages, "Out")).toEqual([]);
  expect(ofType(messages, "agent_error").at(-1)).toMatchObject({ will_retry: false });
});

test("a refused key is told as agent_error, without the key", async () => {
  const model = await mockModel((answer) => answer.refuse(401));
  const { code, messages, stdout, stderr } = await tell(flock(model.url), [], KEY);
  expect(code).toBe(1);
  expect(ofType(messages, "agent_error")).toHaveLength(1);
  expect(stdout + stderr).not.toContain("sk-contract");
  expect(model.asked).toHaveLength(1);
});

test("429 with Retry-After is waited for, not a failure", async () => {
  const model = await mockModel((answer, count) => {
    if (count === 1) answer.refuse(429, { "retry-after": "1" });
    else answer.open().text("after all").finish();
  });
  const { code, messages } = await tell(flock(model.url), [], KEY);
  expect(code).toBe(0);
  expect(payloads(messages, "Out")).toEqual([{ text: "after all" }]);
});

const STRICT =
  "{ type: object, properties: { title: { type: string }, rank: { type: integer, minimum: 3 } }, required: [title, rank] }";

test("structured output is validated, retried with the validator's words at most twice, each attempt its own stream", async () => {
  const model = await mockModel((answer) => answer.open().text('{"title":"Kites",', '"rank":1}').finish());
  const { code, messages } = await tell(flock(model.url, STRICT), [], KEY);
  expect(code).toBe(1);
  expect(model.asked).toHaveLength(3);
  expect(ofType(messages, "stream_started").map((message) => message.attempt)).toEqual([1, 2, 3]);
  expect(new Set(ofType(messages, "stream_started").map((message) => message.stream_id)).size).toBe(3);
  expect(new Set(ofType(messages, "stream_started").map((message) => message.run_id)).size).toBe(1);
  expect(ofType(messages, "stream_complete").map((message) => message.status)).toEqual(["failed", "failed", "failed"]);
  expect(ofType(messages, "agent_error").map((message) => [message.attempt, message.will_retry])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
  expect(JSON.stringify(model.asked[1]?.body.messages)).toMatch(/rank/);
  follow(messages);
});

test("a retry that fits is published", async () => {
  const model = await mockModel((answer, count) =>
    answer
      .open()
      .text(`{"title":"Kites","rank":${count === 1 ? 1 : 4}}`)
      .finish(),
  );
  const { code, messages } = await tell(flock(model.url, STRICT), [], KEY);
  expect(code).toBe(0);
  expect(payloads(messages, "Out").map(record)).toEqual([{ title: "Kites", rank: 4 }]);
  expect(ofType(messages, "stream_complete").map((message) => message.status)).toEqual(["failed", "completed"]);
  follow(messages);
});

test("cancelling reaches the provider's request", async () => {
  const model = await mockModel((answer) => {
    answer.open().text("never ends");
  });
  const run = new Command(["--cli", flock(model.url), "--json"], KEY);
  await run.until(() => ofType(run.messages(), "stream_chunk")[0]);
  run.child.kill("SIGINT");
  await model.asked[0]?.closed;
  expect((await run.finished).code).toBe(130);
});
