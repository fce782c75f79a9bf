import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EvalInputs } from "../../core/engine.js";
import { createEngineResolver, type EngineOptions } from "../index.js";
import { agent, artifact, createContextDouble, deferred, inputs, ManualClock } from "../run-context.testing.js";
import { chatAnswer, chatChunk, type Exchange, type ModelServer, startModelServer } from "./model-server.testing.js";

const KEY = "sk-test-0123456789abcdef";
let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

function engine(options: EngineOptions = {}, model = "local/test-model") {
  return createEngineResolver({
    env: { LOCAL_KEY: KEY },
    providers: { local: { type: "openai-compatible", baseUrl: `${server.url}/v1`, apiKeyEnv: "LOCAL_KEY" } },
    ...options,
  })(model);
}

function start(options: EngineOptions = {}, given: EvalInputs = inputs(), clock = new ManualClock()) {
  const double = createContextDouble({ clock });
  const ended = engine(options).evaluate(agent("reporter", "Write a short article."), double.context, given);
  const fault = ended.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  );
  return { ...double, clock, ended, fault };
}

describe("streaming", () => {
  it("appends tokens as they are sent, not at the end", async () => {
    const texts: string[] = [];
    const run = start();
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
    expect((await start().ended).usage).toEqual({ inputTokens: 11, outputTokens: 7, totalTokens: 18 });
  });

  it("says who the agent is, what to produce and what it was given", async () => {
    server.answer(chatAnswer(["Hi"]));
    const given = inputs({
      artifacts: [artifact({ title: "Kites" }), { ...artifact({ text: "# A draft" }, "Draft"), producedBy: "editor" }],
      feedback: "Article: $.text: too short",
    });
    await start({}, given).ended;
    const request = await server.request(0);
    expect(request.path).toBe("/v1/chat/completions");
    expect(request.headers.authorization).toBe(`Bearer ${KEY}`);
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
    const run = start();
    await run.ended;
    expect(run.appended).toEqual(["a", "\u{1f600}b"]);
  });
});

it("a stream that says [DONE] without a reason is finished all the same", async () => {
  server.answer(async (exchange) => {
    exchange.begin();
    await exchange.event(chatChunk({ content: "Hi" }));
    await exchange.raw("data: [DO");
    await exchange.raw("NE]\n\n");
    exchange.end();
  });
  expect((await start().ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
});

describe("a stream that goes wrong keeps its text and fails with", () => {
  it.each<[string, string, RegExp, (exchange: Exchange) => Promise<void> | void]>([
    ["a dropped connection", "connection_lost", /broke in mid-stream/, (exchange) => exchange.drop()],
    ["no finish", "no_finish", /without a finish/, (exchange) => exchange.end()],
    [
      "the length limit",
      "output_truncated",
      /length limit/,
      async (exchange) => {
        await exchange.event(chatChunk({}, "length"));
        exchange.end();
      },
    ],
    [
      "the content filter",
      "content_filter",
      /filter/,
      async (exchange) => {
        await exchange.event(chatChunk({}, "content_filter"));
        exchange.end();
      },
    ],
    [
      "malformed events",
      "engine_error",
      /not its format/,
      async (exchange) => {
        await exchange.raw('data: {"choices": [{"delta": {"content": 12}}]}\n\n');
        exchange.end();
      },
    ],
    [
      "broken JSON",
      "engine_error",
      /not its format/,
      async (exchange) => {
        await exchange.raw("data: {oops\n\n");
        exchange.end();
      },
    ],
    [
      "an error event",
      "provider_unavailable",
      /Too busy/,
      async (exchange) => {
        await exchange.event({ error: { message: "Too busy", type: "server_error", code: 503 } });
        exchange.end();
      },
    ],
  ])("%s → %s", async (_, code, words, then) => {
    const run = start();
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
      await run.reached(9);
      await then(exchange);
    });
    expect(await run.fault).toMatchObject({ name: "FlockError", code, message: expect.stringMatching(words) });
    expect(run.text()).toBe("Some text");
    expect(server.exchanges).toHaveLength(1);
    await server.exchanges[0]?.closed;
    expect(run.clock.pending).toBe(0);
  });

  it("an end before any text → no_finish", async () => {
    server.answer((exchange) => {
      exchange.begin();
      exchange.end();
    });
    const run = start();
    expect(await run.fault).toMatchObject({ code: "no_finish" });
  });

  it("a stall: keep-alives and empty deltas are no text", async () => {
    const run = start({ stallTimeout: 30_000 });
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
      await run.reached(9);
      for (let step = 0; step < 7; step++) {
        await exchange.raw(": keep-alive\n\n");
        await exchange.event(chatChunk({ content: "" }));
        await run.clock.advance(5000);
      }
    });
    expect(await run.fault).toMatchObject({ code: "stalled", message: expect.stringContaining("30 s") });
    expect(run.text()).toBe("Some text");
    await server.exchanges[0]?.closed;
  });

  it("no stall as long as text comes, however slowly", async () => {
    const run = start({ stallTimeout: 30_000 });
    server.answer(async (exchange) => {
      exchange.begin();
      for (let step = 1; step <= 5; step++) {
        await exchange.event(chatChunk({ content: "x" }));
        await run.reached(step);
        await run.clock.advance(25_000);
      }
      await exchange.event(chatChunk({}, "stop"));
      exchange.end();
    });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "xxxxx" } }]);
  });

  it("an answer that never begins → timeout", async () => {
    const run = start({ headerTimeout: 60_000 });
    server.answer(() => {});
    const request = await server.request(0);
    await run.clock.advance(60_000);
    expect(await run.fault).toMatchObject({ code: "timeout", message: expect.stringContaining("60 s") });
    await request.closed;
    expect(server.exchanges).toHaveLength(1);
  });
});

describe("a refused request", () => {
  const refusal = (status: number, message: string, headers?: Record<string, string>) => (exchange: Exchange) =>
    exchange.json(status, { error: { message, type: "error" } }, headers);

  it.each([
    ["seconds", () => "7"],
    ["a date", (clock: ManualClock) => new Date(clock.now() + 7000).toUTCString()],
  ])("with Retry-After in %s is a wait that viewers see, then goes on", async (_, after) => {
    const clock = new ManualClock();
    server.answer(refusal(429, "Slow down", { "retry-after": after(clock) }), chatAnswer(["Hi"]));
    const run = start({}, inputs(), clock);
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
    expect(run.waits).toEqual([{ reason: "local asked to wait", until: clock.now() + 7000 }]);
    expect(run.appended).toEqual(["Hi"]);
  });

  it("without a time is tried twice more, after 0.5 s and 1 s", async () => {
    server.answer(refusal(503, "Overloaded"));
    const run = start();
    expect(await run.fault).toMatchObject({ code: "provider_unavailable", message: "local: Overloaded (HTTP 503)" });
    expect(run.waits.map(({ until }) => until - run.clock.now())).toEqual([500, 1000]);
    expect(server.exchanges).toHaveLength(3);
  });

  it.each([
    [401, "provider_auth", /Check the key in LOCAL_KEY/],
    [403, "provider_auth", /HTTP 403/],
    [400, "provider_rejected", /bad request of .* \(HTTP 400\)/],
    [404, "provider_rejected", /HTTP 404/],
    [422, "provider_rejected", /HTTP 422/],
  ])("with %d fails at once as %s, without the key", async (status, code, words) => {
    server.answer(refusal(status, `bad request of ${KEY}`));
    const run = start();
    const fault = await run.fault;
    expect(fault).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(fault?.message).not.toContain(KEY);
    expect(run.waits).toEqual([]);
    expect(server.exchanges).toHaveLength(1);
  });

  it.each([
    [
      "an error in place of the first text",
      async (exchange: Exchange) => {
        exchange.begin();
        await exchange.event({ error: { message: "Rate limit exceeded", type: "rate_limit_error", code: 429 } });
        exchange.end();
      },
    ],
    [
      "a connection that breaks before the first text",
      (exchange: Exchange) => {
        exchange.begin();
        exchange.drop();
      },
    ],
  ])("by %s is sent again", async (_, refuse) => {
    server.answer(refuse, chatAnswer(["Hi"]));
    const run = start();
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
    expect(run.waits).toHaveLength(1);
    expect(run.appended).toEqual(["Hi"]);
  });

  it("for a used-up quota is not repeated", async () => {
    server.answer((exchange) => exchange.json(429, { error: { message: "No credit", code: "insufficient_quota" } }));
    expect(await start().fault).toMatchObject({ code: "provider_rejected" });
    expect(server.exchanges).toHaveLength(1);
  });

  it("for ever with Retry-After fails as rate_limited in the end", async () => {
    server.answer(refusal(429, "Slow down", { "retry-after": "1" }));
    expect(await start().fault).toMatchObject({ code: "rate_limited" });
    expect(server.exchanges).toHaveLength(11);
  });

  it("by nobody listening says where", async () => {
    await server.close();
    const { url } = server;
    const run = start();
    expect(await run.fault).toMatchObject({
      code: "provider_unavailable",
      message: expect.stringContaining(`Nobody answers at ${url}/v1`),
    });
    expect(run.waits).toHaveLength(2);
    server = await startModelServer();
  });
});

describe("cancel", () => {
  it("closes the provider's connection and keeps the text", async () => {
    const run = start();
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
    });
    await run.reached(9);
    run.abort();
    expect(await run.fault).toMatchObject({ code: "cancelled" });
    await server.exchanges[0]?.closed;
    expect(run.text()).toBe("Some text");
    expect(run.clock.pending).toBe(0);
  });

  it("reaches a request that has no answer yet", async () => {
    const run = start();
    server.answer(() => {});
    const request = await server.request(0);
    run.abort();
    await request.closed;
    expect(await run.fault).toMatchObject({ code: "cancelled" });
  });

  it("ends a wait for the provider, and nothing is sent after it", async () => {
    server.answer((exchange) => exchange.json(429, { error: { message: "Slow down" } }, { "retry-after": "3600" }));
    const waiting = deferred<void>();
    const double = createContextDouble({
      clock: new ManualClock(),
      waitForProvider: () =>
        new Promise((resolve) => {
          double.context.signal.addEventListener("abort", () => resolve(), { once: true });
          waiting.resolve(undefined);
        }),
    });
    const ended = engine().evaluate(agent(), double.context, inputs());
    const outcome = expect(ended).rejects.toMatchObject({ code: "cancelled" });
    await waiting.promise;
    double.abort();
    await outcome;
    expect(server.exchanges).toHaveLength(1);
  });

  it("before it began sends nothing", async () => {
    const double = createContextDouble();
    double.abort();
    await expect(engine().evaluate(agent(), double.context, inputs())).rejects.toMatchObject({ code: "cancelled" });
    expect(server.exchanges).toHaveLength(0);
  });
});
