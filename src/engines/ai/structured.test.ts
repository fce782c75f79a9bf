import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentTool, EngineAgent, EvalInputs } from "../../core/engine.js";
import { createEngineResolver, type EngineOptions } from "../index.js";
import { agent, createContextDouble, deferred, inputs, ManualClock, textType } from "../run-context.testing.js";
import { schemaType } from "../schema-type.testing.js";
import { chatAnswer, chatChunk, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

function start(given: EvalInputs, options: EngineOptions = {}, by: EngineAgent = agent()) {
  const clock = new ManualClock();
  const double = createContextDouble({ clock });
  const resolve = createEngineResolver({
    providers: { local: { type: "openai-compatible", baseUrl: `${server.url}/v1` } },
    ...options,
  });
  const ended = resolve("local/test-model").evaluate(by, double.context, given);
  ended.catch(() => undefined);
  return { ...double, clock, ended };
}

const idea = schemaType("Idea", {
  type: "object",
  properties: { title: { type: "string" }, tags: { type: "array", items: { $ref: "#/$defs/tag" } } },
  required: ["title", "tags"],
  $defs: { tag: { type: "string" } },
});
const want = (types: EvalInputs["output"]["types"], fanOut = 1) => inputs({ output: { types, fanOut } });
const responseFormat = () =>
  server.exchanges[0]?.body.response_format as { json_schema: { schema: unknown } } | undefined;

describe("structured outputs", () => {
  it("are asked for by schema and shown as fields while they arrive", async () => {
    const run = start(want([idea]));
    const pieces = ['{"title":"The hi', 'story","tags":["a', '","b"]}'];
    const shown = [
      "**title:** The hi",
      "**title:** The history\n\n**tags:**\n\n- a",
      "**title:** The history\n\n**tags:**\n\n- a\n- b",
    ];
    server.answer(async (exchange) => {
      exchange.begin();
      for (const [index, piece] of pieces.entries()) {
        await exchange.event(chatChunk({ content: piece }));
        await run.reached(shown[index]?.length ?? 0);
        expect(run.text()).toBe(shown[index]);
      }
      await exchange.event(chatChunk({}, "stop"));
      exchange.end();
    });
    expect((await run.ended).outputs).toEqual([{ type: "Idea", payload: { title: "The history", tags: ["a", "b"] } }]);
    expect(responseFormat()).toMatchObject({
      type: "json_schema",
      json_schema: { name: "Idea", strict: false, schema: idea.jsonSchema },
    });
  });

  it("of a fan-out come as a list", async () => {
    server.answer(chatAnswer(['{"elements":[{"title":"A","tags":[]},', '{"title":"B","tags":["x"]}]}']));
    const run = start(want([idea], 2));
    expect((await run.ended).outputs).toEqual([
      { type: "Idea", payload: { title: "A", tags: [] } },
      { type: "Idea", payload: { title: "B", tags: ["x"] } },
    ]);
    expect(run.text()).toBe("**title:** A\n\n**tags:** none\n\n---\n\n**title:** B\n\n**tags:**\n\n- x");
    expect(responseFormat()?.json_schema.schema).toEqual({
      type: "object",
      properties: {
        elements: {
          type: "array",
          minItems: 2,
          maxItems: 2,
          items: {
            type: "object",
            properties: { title: { type: "string" }, tags: { type: "array", items: { $ref: "#/$defs/Idea.tag" } } },
            required: ["title", "tags"],
          },
        },
      },
      required: ["elements"],
      additionalProperties: false,
      $defs: { "Idea.tag": { type: "string" } },
    });
  });

  it("of several types come by name, texts without a label", async () => {
    server.answer(chatAnswer(['{"Article":{"text":"# Hi"},"Idea":{"title":"A","tags":[]}}']));
    const run = start(want([textType(), idea]));
    expect((await run.ended).outputs).toEqual([
      { type: "Article", payload: { text: "# Hi" } },
      { type: "Idea", payload: { title: "A", tags: [] } },
    ]);
    expect(run.text()).toBe("### Article\n\n# Hi\n\n### Idea\n\n**title:** A\n\n**tags:** none");
  });

  it("texts of a fan-out come as a list", async () => {
    server.answer(chatAnswer(['{"elements":[{"text":"one"},{"text":"two"}]}']));
    const run = start(want([textType()], 2));
    expect((await run.ended).outputs.map((draft) => draft.payload)).toEqual([{ text: "one" }, { text: "two" }]);
    expect(run.text()).toBe("one\n\n---\n\ntwo");
  });

  it("in a fence with words around it are read all the same", async () => {
    server.answer(chatAnswer(['Here:\n```json\n{"title":"A","tags":[]}\n', "```\nDone."]));
    expect((await start(want([idea])).ended).outputs).toEqual([{ type: "Idea", payload: { title: "A", tags: [] } }]);
  });

  it.each([
    ["a thought", '<think>Perhaps {"title": 1}?</think>\n'],
    ["a number", "1. Here: "],
    ["brackets", "Here [as asked]: "],
  ])("are read past %s, and only they are shown", async (_, before) => {
    server.answer(chatAnswer([before, '{"title":"A",', '"tags":[]}']));
    const run = start(want([idea]));
    expect((await run.ended).outputs).toEqual([{ type: "Idea", payload: { title: "A", tags: [] } }]);
    expect(run.text()).toBe("**title:** A\n\n**tags:** none");
  });

  it("that are not JSON are invalid_output, so that the orchestrator tries again", async () => {
    server.answer(chatAnswer(['{"title":"A",', "oops}"]));
    await expect(start(want([idea])).ended).rejects.toMatchObject({
      code: "invalid_output",
      message: expect.stringContaining("not valid JSON"),
    });
  });

  it("that are only words are shown as they are", async () => {
    server.answer(chatAnswer(["I would ", "rather not."]));
    const run = start(want([idea]));
    await expect(run.ended).rejects.toMatchObject({ code: "invalid_output" });
    expect(run.text()).toBe("I would rather not.");
  });

  it("that do not fit are handed on for the orchestrator to check", async () => {
    server.answer(chatAnswer(['{"title":12}']));
    expect((await start(want([idea])).ended).outputs).toEqual([{ type: "Idea", payload: { title: 12 } }]);
  });
});

describe("tools", () => {
  const toolCall = (name: string, args: string) => [
    chatChunk({ tool_calls: [{ index: 0, id: "call-1", type: "function", function: { name, arguments: args } }] }),
    chatChunk({}, "tool_calls"),
  ];
  const callTool =
    (name: string, args: string, before?: string): Parameters<ModelServer["answer"]>[0] =>
    async (exchange) => {
      exchange.begin();
      if (before !== undefined) await exchange.event(chatChunk({ content: before }));
      for (const chunk of toolCall(name, args)) await exchange.event(chunk);
      exchange.end();
    };
  const tool = (execute: AgentTool["execute"]): AgentTool => ({
    name: "lookup",
    description: "Looks it up.",
    inputSchema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
    execute,
  });

  it("of the agent and of the engine are offered; what one returns goes back to the model", async () => {
    server.answer(callTool("lookup", '{"q":"kites"}', "Let me see."), chatAnswer(["Kites are old."]));
    const run = start(
      inputs(),
      { tools: [{ ...tool(() => 1), name: "other" }] },
      { ...agent(), tools: [tool((input) => ({ found: input }))] },
    );
    const result = await run.ended;
    expect(result.outputs).toEqual([{ type: "Article", payload: { text: "Kites are old." } }]);
    expect(run.text()).toBe('Let me see.\n\n> Tool `lookup`: `{"q":"kites"}`\n\nKites are old.');
    const [first, second] = [await server.request(0), await server.request(1)];
    expect(
      (first.body.tools as { function: { name: string } }[]).map((offered) => offered.function.name).sort(),
    ).toEqual(["lookup", "other"]);
    expect(second.body.messages).toContainEqual(
      expect.objectContaining({ role: "tool", content: JSON.stringify({ found: { q: "kites" } }) }),
    );
  });

  it("that throw are data: a short line for the reader, words for the model, and the run goes on", async () => {
    server.answer(callTool("lookup", '{"q":"x"}'), chatAnswer(["I could not look it up."]));
    const failing = tool(() => {
      throw new Error("the well\nis dry");
    });
    const run = start(inputs(), { tools: async () => [failing] });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "I could not look it up." } }]);
    expect(run.text()).toContain("> Tool `lookup` failed (tool_error): the well is dry\n\n");
    expect(JSON.stringify(server.exchanges[1]?.body.messages)).toContain("the well");
  });

  it("with structured outputs: the last answer counts", async () => {
    server.answer(callTool("lookup", '{"q":"x"}', "Looking."), chatAnswer(['{"title":"A","tags":[]}']));
    const run = start(want([idea]), { tools: [tool(() => "found")] });
    expect((await run.ended).outputs).toEqual([{ type: "Idea", payload: { title: "A", tags: [] } }]);
    expect(run.text()).toBe('Looking.\n\n> Tool `lookup`: `{"q":"x"}`\n\n**title:** A\n\n**tags:** none');
  });

  it("that never end are stopped after so many rounds", async () => {
    server.answer(callTool("lookup", '{"q":"x"}'));
    const run = start(inputs(), { tools: [tool(() => "again")], maxSteps: 3 });
    await expect(run.ended).rejects.toMatchObject({
      code: "engine_error",
      message: expect.stringContaining("3 rounds"),
    });
    expect(server.exchanges).toHaveLength(3);
  });

  it("get the run's signal, and a cancel ends them", async () => {
    server.answer(callTool("lookup", '{"q":"x"}'));
    const began = deferred<AbortSignal>();
    const run = start(inputs(), { tools: [tool((_, { signal }) => new Promise(() => began.resolve(signal)))] });
    const signal = await began.promise;
    run.abort();
    await expect(run.ended).rejects.toMatchObject({ code: "cancelled" });
    expect(signal.aborted).toBe(true);
  });

  it("that give no answer in time are given up: told to the model, and their signal aborts", async () => {
    server.answer(callTool("lookup", '{"q":"x"}'), chatAnswer(["I could not look it up."]));
    const began = deferred<AbortSignal>();
    const run = start(inputs(), { tools: [tool((_, { signal }) => new Promise(() => began.resolve(signal)))] });
    const signal = await began.promise;
    await run.clock.advance(299_000);
    expect(signal.aborted).toBe(false);
    await run.clock.advance(1000);
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "I could not look it up." } }]);
    expect(signal.aborted).toBe(true);
    expect(run.text()).toContain("> Tool `lookup` failed (tool_error): lookup gave no answer within 300 s");
    expect(run.clock.pending).toBe(0);
  });

  it("of one name are told, whoever gave them", async () => {
    const run = start(inputs(), { tools: [tool(() => 1)] }, { ...agent(), tools: [tool(() => 2)] });
    await expect(run.ended).rejects.toMatchObject({
      code: "tool_error",
      message: expect.stringContaining('Two tools are named "lookup"'),
    });
    expect(server.exchanges).toHaveLength(0);
  });

  it("a refused second request is repeated without running the tool again", async () => {
    const refused: Parameters<ModelServer["answer"]>[0] = (exchange) =>
      exchange.json(429, { error: { message: "Slow" } }, { "retry-after": "2" });
    server.answer(callTool("lookup", '{"q":"x"}'), refused, chatAnswer(["Done."]));
    let calls = 0;
    const run = start(inputs(), {
      tools: [
        tool(() => {
          calls += 1;
          return "found";
        }),
      ],
    });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "Done." } }]);
    expect(calls).toBe(1);
    expect(run.waits).toHaveLength(1);
  });
});
