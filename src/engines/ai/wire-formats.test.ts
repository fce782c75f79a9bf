import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngineResolver } from "../index.js";
import { agent, createContextDouble, inputs } from "../run-context.testing.js";
import { schemaType } from "../schema-type.testing.js";
import { type Answer, chatAnswer, type Exchange, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

interface Format {
  readonly model: string;
  readonly env: (url: string) => Record<string, string>;
  readonly fetch?: (url: string) => typeof globalThis.fetch;
  readonly path: string;
  readonly key: (exchange: Exchange) => unknown;
  /** Begins, sends each text and waits until it was seen, then ends as told. */
  readonly stream: (
    texts: readonly string[],
    seen: (units: number) => Promise<void>,
    end: "finish" | "length" | "nothing",
  ) => Answer;
  readonly refusal: { readonly status: number; readonly body: unknown };
}

function engineOf({ env, fetch, model }: Format) {
  return createEngineResolver({ env: env(server.url), ...(fetch && { fetch: fetch(server.url) }) })(model);
}

async function each(
  texts: readonly string[],
  seen: (units: number) => Promise<void>,
  send: (text: string) => Promise<void>,
) {
  let units = 0;
  for (const text of texts) {
    await send(text);
    units += text.length;
    await seen(units);
  }
}

const anthropic: Format = {
  model: "anthropic/claude-test",
  env: (url) => ({ ANTHROPIC_API_KEY: "key-a", ANTHROPIC_BASE_URL: url }),
  path: "/v1/messages",
  key: (exchange) => exchange.headers["x-api-key"],
  refusal: { status: 529, body: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } } },
  stream: (texts, seen, end) => async (exchange) => {
    exchange.begin();
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-test",
      content: [],
      stop_reason: null,
      usage: { input_tokens: 5, output_tokens: 1 },
    };
    await exchange.event({ type: "message_start", message }, "message_start");
    await exchange.event(
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      "content_block_start",
    );
    await exchange.event({ type: "ping" }, "ping");
    await each(texts, seen, (text) =>
      exchange.event(
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
        "content_block_delta",
      ),
    );
    if (end !== "nothing") {
      await exchange.event({ type: "content_block_stop", index: 0 }, "content_block_stop");
      const stop_reason = end === "length" ? "max_tokens" : "end_turn";
      await exchange.event(
        { type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 9 } },
        "message_delta",
      );
      await exchange.event({ type: "message_stop" }, "message_stop");
    }
    exchange.end();
  },
};

const google: Format = {
  model: "google/gemini-test",
  env: (url) => ({ GOOGLE_GENERATIVE_AI_API_KEY: "key-g", GOOGLE_GENERATIVE_AI_BASE_URL: url }),
  path: "/v1beta/models/gemini-test:streamGenerateContent?alt=sse",
  key: (exchange) => exchange.headers["x-goog-api-key"],
  refusal: { status: 503, body: { error: { code: 503, message: "Overloaded", status: "UNAVAILABLE" } } },
  stream: (texts, seen, end) => async (exchange) => {
    exchange.begin();
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 9, totalTokenCount: 14 };
    await each(texts, seen, (text) =>
      exchange.event({ candidates: [{ index: 0, content: { role: "model", parts: [{ text }] } }], usageMetadata }),
    );
    const finishReason = end === "length" ? "MAX_TOKENS" : "STOP";
    if (end !== "nothing") {
      await exchange.event({
        candidates: [{ index: 0, content: { role: "model", parts: [{ text: "" }] }, finishReason }],
        usageMetadata,
      });
    }
    exchange.end();
  },
};

const openai: Format = {
  model: "openai/gpt-test",
  env: (url) => ({ OPENAI_API_KEY: "key-o", OPENAI_BASE_URL: `${url}/v1` }),
  path: "/v1/chat/completions",
  key: (exchange) => exchange.headers.authorization?.replace("Bearer ", ""),
  refusal: { status: 500, body: { error: { message: "Overloaded", type: "server_error" } } },
  stream: (texts, seen, end) => async (exchange) => {
    exchange.begin();
    const chunk = (delta: unknown, finish_reason: string | null = null) => ({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "gpt-test",
      choices: [{ index: 0, delta, finish_reason }],
    });
    await each(texts, seen, (content) => exchange.event(chunk({ content })));
    if (end !== "nothing") {
      await exchange.event(chunk({}, end === "length" ? "length" : "stop"));
      await exchange.event({
        ...chunk({}),
        choices: [],
        usage: { prompt_tokens: 5, completion_tokens: 9, total_tokens: 14 },
      });
      await exchange.raw("data: [DONE]\n\n");
    }
    exchange.end();
  },
};

/** OpenAI at its own address, brought to the test's server. */
const responses: Format = {
  model: "openai/gpt-test",
  env: () => ({ OPENAI_API_KEY: "key-r" }),
  fetch: (url) => (input, init) => fetch(String(input).replace("https://api.openai.com", url), init),
  path: "/v1/responses",
  key: (exchange) => exchange.headers.authorization?.replace("Bearer ", ""),
  refusal: { status: 500, body: { error: { message: "Overloaded", type: "server_error" } } },
  stream: (texts, seen, end) => async (exchange) => {
    exchange.begin();
    const response = { id: "resp_1", object: "response", created_at: 1, model: "gpt-test", output: [] };
    const item = { id: "msg_1", type: "message", role: "assistant", content: [] };
    await exchange.event({ type: "response.created", response });
    await exchange.event({ type: "response.output_item.added", output_index: 0, item });
    await each(texts, seen, (delta) =>
      exchange.event({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta,
      }),
    );
    if (end !== "nothing") {
      await exchange.event({ type: "response.output_item.done", output_index: 0, item });
      const usage = { input_tokens: 5, output_tokens: 9, total_tokens: 14 };
      if (end === "finish") await exchange.event({ type: "response.completed", response: { ...response, usage } });
      const incomplete_details = { reason: "max_output_tokens" };
      if (end === "length") {
        await exchange.event({ type: "response.incomplete", response: { ...response, usage, incomplete_details } });
      }
    }
    exchange.end();
  },
};

describe.each([
  ["anthropic", anthropic],
  ["google", google],
  ["openai", openai],
  ["openai (responses)", responses],
] as const)("%s", (name, format) => {
  const start = () => {
    const double = createContextDouble();
    const engine = engineOf(format);
    const ended = engine.evaluate(agent(), double.context, inputs());
    ended.catch(() => undefined);
    return { ...double, ended };
  };

  it("streams its text as it is sent, with its key and its count of tokens", async () => {
    const run = start();
    server.answer(format.stream(["One ", "two."], run.reached, "finish"));
    const result = await run.ended;
    expect(run.appended).toEqual(["One ", "two."]);
    expect(result).toEqual({
      outputs: [{ type: "Article", payload: { text: "One two." } }],
      usage: { inputTokens: 5, outputTokens: 9, totalTokens: 14 },
    });
    expect(server.exchanges[0]?.path).toBe(format.path);
    expect(format.key(await server.request(0))).toMatch(/^key-/);
  });

  it.each([
    ["nothing", "no_finish"],
    ["length", "output_truncated"],
  ] as const)("that ends with %s is %s, with its text kept", async (end, code) => {
    const run = start();
    server.answer(format.stream(["One ", "two."], run.reached, end));
    await expect(run.ended).rejects.toMatchObject({ code });
    expect(run.text()).toBe("One two.");
  });

  it("that is overloaded is tried again", async () => {
    const run = start();
    server.answer(
      (exchange) => exchange.json(format.refusal.status, format.refusal.body),
      format.stream(["Hi"], run.reached, "finish"),
    );
    await run.ended;
    expect(run.waits).toHaveLength(1);
    expect(run.waits[0]?.reason).toMatch(new RegExp(`^${name.split(" ")[0]}: .*Overloaded`));
  });
});

describe("structured outputs", () => {
  const type = schemaType("Idea", {
    type: "object",
    properties: { title: { type: "string" }, note: { type: "string" } },
    required: ["title"],
  });

  it.each([
    ["anthropic", anthropic],
    ["google", google],
    ["openai", openai],
    ["openai (responses)", responses],
  ] as const)("of %s stream as fields", async (_, format) => {
    const double = createContextDouble();
    const engine = engineOf(format);
    const ended = engine.evaluate(agent(), double.context, inputs({ output: { types: [type], fanOut: 1 } }));
    server.answer(format.stream(['{"title":"Ki', 'tes"}'], async () => {}, "finish"));
    expect((await ended).outputs).toEqual([{ type: "Idea", payload: { title: "Kites" } }]);
    expect(double.text()).toBe("**title:** Kites");
  });
});

it.each([
  ["ollama/llama3.2:3b", "OLLAMA_BASE_URL", "", "llama3.2:3b"],
  ["ollama/llama3.2", "OLLAMA_HOST", "", "llama3.2"],
  ["lmstudio/org/model", "LMSTUDIO_BASE_URL", "/v1", "org/model"],
])("%s needs no key and is found through %s", async (model, variable, path, id) => {
  server.answer(chatAnswer(["Hi"]));
  const address = server.url + path;
  const env = { [variable]: variable === "OLLAMA_HOST" ? address.replace("http://", "") : address };
  const double = createContextDouble();
  await createEngineResolver({ env })(model).evaluate(agent(), double.context, inputs());
  expect(double.text()).toBe("Hi");
  const request = await server.request(0);
  expect(request.path).toBe("/v1/chat/completions");
  expect(request.body.model).toBe(id);
  expect(request.headers.authorization).toBeUndefined();
});
