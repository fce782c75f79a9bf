import { describe, expect, it } from "vitest";
import type { Engine, EvalInputs } from "../../core/engine.js";
import { agent, artifact, createContextDouble, inputs, ManualClock, textType } from "../run-context.testing.js";
import { schemaType } from "../schema-type.testing.js";
import { createDemoEngine } from "./engine.js";

async function run(engine: Engine, given: EvalInputs, name = "writer", clock = new ManualClock()) {
  const double = createContextDouble({ clock });
  const outcome = engine.evaluate(agent(name), double.context, given).then(
    (result) => ({ result, fault: undefined }),
    (fault: unknown) => ({ result: undefined, fault }),
  );
  await clock.advance(60_000);
  return { ...double, ...(await outcome) };
}

const score = schemaType("Score", {
  type: "object",
  properties: { title: { type: "string" }, stars: { type: "integer", minimum: 1, maximum: 5 } },
  required: ["title", "stars"],
  additionalProperties: false,
});

describe("demo/echo", () => {
  const text = "Grüße \u{1f600}\u{1f600}\u{1f600} | lone \ud800 | \n\n```js\nx\n``` end";

  it.each([1, 2, 3, 4, 7, 1000])(
    "streams the first string back unit for unit in chunks of %d, never half a pair",
    async (chunk) => {
      const given = inputs({ artifacts: [artifact({ n: 3, nested: { body: text }, title: "no" })] });
      const { appended, result } = await run(createDemoEngine(`demo/echo?tps=200&chunk=${chunk}`), given);
      expect(appended.join("")).toBe(text);
      expect(result?.outputs).toEqual([{ type: "Article", payload: { text } }]);
      for (const [index, part] of appended.entries()) {
        const border = part.slice(-1) + (appended[index + 1] ?? "").slice(0, 1);
        expect(border).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
      }
    },
  );

  it("of an artifact without a string is empty", async () => {
    const { result, text: streamed } = await run(
      createDemoEngine("demo/echo"),
      inputs({ artifacts: [artifact({ n: 3 })] }),
    );
    expect(result?.outputs).toEqual([{ type: "Article", payload: { text: "" } }]);
    expect(streamed()).toBe("");
  });

  it("gives a structured type its payload back where it fits", async () => {
    const payload = { title: "Kites", stars: 4 };
    const given = inputs({ artifacts: [artifact(payload)], output: { types: [score], fanOut: 1 } });
    const { result, text: streamed } = await run(createDemoEngine("demo/echo"), given);
    expect(result?.outputs).toEqual([{ type: "Score", payload }]);
    expect(streamed()).toBe("**title:** Kites\n\n**stars:** 4");
  });
});

describe("demo/essay", () => {
  it("gives what it streamed, with its length and estimated usage", async () => {
    const { result, text } = await run(createDemoEngine("demo/essay?chars=500"), inputs());
    expect(text()).toHaveLength(500);
    expect(result?.outputs).toEqual([{ type: "Article", payload: { text: text() } }]);
    expect(result?.usage).toMatchObject({ outputTokens: 125, estimated: true });
    expect(result?.usage?.totalTokens).toBe(125 + (result?.usage?.inputTokens ?? 0));
  });

  it("writes another text for another agent and the same for the same", async () => {
    const texts = await Promise.all(
      ["editor", "editor", "poet"].map(async (name) =>
        (await run(createDemoEngine("demo/essay?chars=400"), inputs(), name)).text(),
      ),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it("makes payloads that satisfy their schemas and shows them as fields", async () => {
    const given = inputs({ output: { types: [score], fanOut: 1 } });
    const { result, text } = await run(createDemoEngine("demo/essay"), given);
    expect(result?.outputs).toHaveLength(1);
    expect(score.check(result?.outputs[0]?.payload).ok).toBe(true);
    expect(text()).toMatch(/^\*\*title:\*\* .+\n\n\*\*stars:\*\* \d$/);
  });

  it("counts a repeated type, and says something where nothing is published", async () => {
    const twice = await run(
      createDemoEngine("demo/essay?chars=100"),
      inputs({ output: { types: [textType(), textType()], fanOut: 1 } }),
    );
    expect(new Set(twice.result?.outputs.map((draft) => JSON.stringify(draft.payload))).size).toBe(2);
    const nothing = await run(createDemoEngine("demo/essay?chars=100"), inputs({ output: { types: [], fanOut: 1 } }));
    expect(nothing.result?.outputs).toEqual([]);
    expect(nothing.text()).toHaveLength(100);
  });

  it("makes as many of each type as asked, each another one", async () => {
    const given = inputs({ output: { types: [textType(), score], fanOut: 3 } });
    const { result, text } = await run(createDemoEngine("demo/essay?chars=200"), given);
    expect(result?.outputs.map((draft) => draft.type)).toEqual([
      "Article",
      "Article",
      "Article",
      "Score",
      "Score",
      "Score",
    ]);
    expect(new Set(result?.outputs.map((draft) => JSON.stringify(draft.payload))).size).toBe(6);
    expect(text()).toMatch(
      /^### Article\n\n[\s\S]{200}\n\n---\n\n[\s\S]{200}\n\n---\n\n[\s\S]{200}\n\n### Score\n\n\*\*title/,
    );
  });
});

describe("demo/fail", () => {
  it.each([
    ["drop", "connection_lost"],
    ["error", "engine_error"],
    ["no_finish", "no_finish"],
  ])("%s sends its units and fails with %s", async (how, code) => {
    for (const after of [0, 1, 200]) {
      const { fault, text } = await run(createDemoEngine(`demo/fail?after=${after}&how=${how}`), inputs());
      expect(text()).toHaveLength(after);
      expect(fault).toMatchObject({ name: "FlockError", code });
    }
  });

  it("stall sends its units, then nothing, until the stall is noticed", async () => {
    const clock = new ManualClock();
    const double = createContextDouble({ clock });
    const ended = createDemoEngine("demo/fail?after=10&how=stall", { stallTimeout: 5000 }).evaluate(
      agent(),
      double.context,
      inputs(),
    );
    const outcome = expect(ended).rejects.toMatchObject({ code: "stalled", message: expect.stringContaining("5 s") });
    await clock.advance(4900);
    expect(double.text()).toHaveLength(10);
    expect(clock.pending).toBe(1);
    await clock.advance(1000);
    await outcome;
    expect(clock.pending).toBe(0);
  });

  it("stall ends at once when cancelled", async () => {
    const clock = new ManualClock();
    const double = createContextDouble({ clock });
    const ended = createDemoEngine("demo/fail?after=10&how=stall").evaluate(agent(), double.context, inputs());
    const outcome = expect(ended).rejects.toMatchObject({ code: "cancelled" });
    await clock.advance(1000);
    double.abort();
    await outcome;
    expect(clock.pending).toBe(0);
  });
});
