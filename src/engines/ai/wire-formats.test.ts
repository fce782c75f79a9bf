import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngineResolver } from "../index.js";
import { agent, createContextDouble, inputs } from "../run-context.testing.js";
import { schemaType } from "../schema-type.testing.js";
import { chatAnswer, type ModelServer, startModelServer } from "./model-server.testing.js";
import { anthropic, google, openai, responses, type WireFormat } from "./wire-formats.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

function engineOf({ env, fetch, model }: WireFormat) {
  return createEngineResolver({ env: env(server.url), ...(fetch && { fetch: fetch(server.url) }) })(model);
}

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
