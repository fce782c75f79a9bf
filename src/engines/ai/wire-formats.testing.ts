import type { Answer, Exchange } from "./model-server.testing.js";

/** How a provider is spoken to, and how it answers. */
export interface WireFormat {
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

export const anthropic: WireFormat = {
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

export const google: WireFormat = {
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

export const openai: WireFormat = {
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
export const responses: WireFormat = {
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
