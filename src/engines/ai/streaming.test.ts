import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { artifact, inputs } from "../run-context.testing.js";
import { startCall, TEST_KEY } from "./model-call.testing.js";
import { chatAnswer, chatChunk, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

describe("streaming", () => {
  it("appends tokens as they are sent, not at the end", async () => {
    const texts: string[] = [];
    const run = startCall(server);
    server.answer(async (exchange) => {
      exchange.begin();
      for (const part of ["One ", "two ", "three."]) {
        await exchange.event(chatChunk({ content: part }));
        texts.push(part);
        // The next token is sent only when this one has been seen.
        await run.reached(texts.join("").length);
      }
      await exchange.event(chatChunk({}, "stop"));
      exchange.end();
    });
    const result = await run.ended;
    expect(run.appended).toEqual(["One ", "two ", "three."]);
    expect(result.outputs).toEqual([{ type: "Article", payload: { text: "One two three." } }]);
  });

  it("tells the provider's count of tokens", async () => {
    server.answer(chatAnswer(["Hi"]));
    expect((await startCall(server).ended).usage).toEqual({ inputTokens: 11, outputTokens: 7, totalTokens: 18 });
  });

  it("says who the agent is, what to produce and what it was given", async () => {
    server.answer(chatAnswer(["Hi"]));
    const given = inputs({
      artifacts: [artifact({ title: "Kites" }), { ...artifact({ text: "# A draft" }, "Draft"), producedBy: "editor" }],
      feedback: "Article: $.text: too short",
    });
    await startCall(server, {}, given).ended;
    const request = await server.request(0);
    expect(request.path).toBe("/v1/chat/completions");
    expect(request.headers.authorization).toBe(`Bearer ${TEST_KEY}`);
    expect(request.body).toMatchObject({ model: "test-model", stream: true, stream_options: { include_usage: true } });
    const [system, user] = request.body.messages as { role: string; content: string }[];
    expect(system?.role).toBe("system");
    expect(system?.content).toMatch(/"reporter"[\s\S]*Write a short article\.[\s\S]*the Article as Markdown/);
    expect(user?.content).toMatch(
      /# Topic\n\n```json\n{\n {2}"title": "Kites"\n}\n```\n\n# Draft from editor\n\n# A draft\n\n/,
    );
    expect(user?.content).toContain("Article: $.text: too short");
  });

  it("never ends an append between the halves of a surrogate pair", async () => {
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.raw(`data: {"choices":[{"index":0,"delta":{"content":"a\\ud83d"}}]}\n\n`);
      await exchange.raw(`data: {"choices":[{"index":0,"delta":{"content":"\\ude00b"}}]}\n\n`);
      await exchange.event(chatChunk({}, "stop"));
      exchange.end();
    });
    const run = startCall(server);
    await run.ended;
    expect(run.appended).toEqual(["a", "\u{1f600}b"]);
  });
});
