import { describe, expect, test } from "vitest";
import { z } from "zod";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, GatedEngine, Text } from "./flock.testing.js";
import { artifact, Flock, type FlockEvent, textArtifact } from "./index.js";

describe("artifact types", () => {
  const Topic = artifact("Topic", z.object({ title: z.string(), words: z.number().default(200) }));

  test("carry the JSON Schema of what may be published", () => {
    expect(Topic.jsonSchema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["title"],
      properties: { title: { type: "string" }, words: { type: "number", default: 200 } },
    });
  });

  test("of text say so, and hold { text }", () => {
    const Note = textArtifact("Note");
    expect([Note.isText, Topic.isText]).toEqual([true, false]);
    expect(Note.check({ text: "x" })).toEqual({ ok: true, payload: { text: "x" } });
    expect(Note.check("x")).toMatchObject({ ok: false });
  });

  test.each<{ name: string; payload: unknown; paths: string[] }>([
    { name: "a missing field", payload: {}, paths: ["$.title"] },
    { name: "a wrong field", payload: { title: 1 }, paths: ["$.title"] },
    { name: "two wrong fields", payload: { title: 1, words: "many" }, paths: ["$.title", "$.words"] },
    { name: "something else altogether", payload: null, paths: ["$"] },
  ])("name path and reason of $name", async ({ payload, paths }) => {
    const checked = Topic.check(payload);
    expect(checked.ok ? [] : checked.issues.map((issue) => issue.path)).toEqual(paths);
    const refused = expect(new Flock({ mode: "test" }).registerType(Topic).publish("Topic", payload)).rejects;
    await refused.toMatchObject({ code: "invalid_payload", message: expect.stringContaining(`Topic: ${paths[0]}: `) });
  });

  test("name items of lists by their place", () => {
    const checked = artifact("List", z.object({ items: z.array(z.number()) })).check({ items: [1, "2"] });
    expect(checked).toMatchObject({ ok: false, issues: [{ path: "$.items[1]" }] });
  });

  test.each([
    {
      name: "throws",
      schema: z.object({}).transform(() => {
        throw new Error("boom");
      }),
      words: "Odd: $: its schema failed: boom",
    },
    {
      name: "is asynchronous",
      schema: z.object({}).refine(async () => true),
      words: "Odd: $: its schema is asynchronous; make its refinements and transforms synchronous",
    },
    {
      name: "is asynchronous, of another copy of zod,",
      schema: z.object({}).transform(() => {
        throw new Error("Encountered Promise during synchronous parse. Use .parseAsync() instead.");
      }),
      words: "Odd: $: its schema is asynchronous; make its refinements and transforms synchronous",
    },
  ])("whose schema $name refuse the payload and say why", async ({ schema, words }) => {
    const Odd = artifact("Odd", schema);
    const bench = new Bench();
    await expect(bench.flock.publish(Odd, {} as never)).rejects.toMatchObject({
      code: "invalid_payload",
      message: words,
    });
    bench.flock
      .agent("maker")
      .publishes(Odd)
      .withEngine(() => ({ type: "Odd", payload: {} }));
    const { error } = await bench.flock.invoke("maker");
    expect(error).toMatchObject({ code: "invalid_output", message: words });
  });

  test("of one name cannot be two", () => {
    const flock = new Flock().registerType(Topic).registerType(Topic);
    expect(() => flock.registerType(textArtifact("Topic"))).toThrow(expect.objectContaining({ code: "conflict" }));
  });

  test("register themselves when an agent names them or they are published", async () => {
    const flock = new Flock({ mode: "test" });
    flock.agent("x").consumes(Topic).publishes(Text);
    await flock.publish(A, { n: 1 });
    expect(flock.artifactTypes.map((type) => type.name)).toEqual(["Topic", "Text", "A"]);
  });
});

describe("publish", () => {
  test("gives back the artifact that is on the board", async () => {
    const bench = new Bench();
    const published = await bench.publish("A", 1, {}, { tags: ["t"], version: 3 });
    expect(published).toEqual({
      id: published.id,
      type: "A",
      payload: { n: 1 },
      producedBy: "external",
      correlationId: "w",
      tags: ["t"],
      visibility: { kind: "public" },
      version: 3,
      createdAt: bench.clock.now(),
    });
    expect(bench.flock.board.get(published.id)).toBe(published);
  });

  test("freezes the artifact and its payload through and through", async () => {
    const Nested = artifact("Nested", z.object({ list: z.array(z.object({ n: z.number() })) }));
    const published = await new Bench().flock.publish(Nested, { list: [{ n: 1 }] });
    for (const part of [
      published,
      published.payload,
      published.payload.list,
      published.payload.list[0],
      published.tags,
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  test("fills in defaults of the type", async () => {
    const Toned = artifact("Toned", z.object({ tone: z.string().default("dry") }));
    expect((await new Flock({ mode: "test" }).publish(Toned, {})).payload).toEqual({ tone: "dry" });
  });

  test("refuses an unknown type", async () => {
    await expect(new Bench().flock.publish("Nowhere", {})).rejects.toMatchObject({ code: "unknown_type" });
  });

  test("leaves no trace when it is refused", async () => {
    const bench = new Bench();
    await expect(bench.flock.publish("A", {})).rejects.toMatchObject({ code: "invalid_payload" });
    expect(bench.events).toEqual([]);
  });
});

describe("a run", () => {
  test("tells its events in order", async () => {
    const bench = new Bench();
    bench.flock
      .agent("writer")
      .consumes(A)
      .publishes(B)
      .withEngine(({ context }) => {
        context.stream.append("one ");
        context.stream.append("two");
        return { n: 2 };
      });
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.told()).toEqual([
      "workflow_started",
      "artifact_published",
      "agent_activated writer",
      "stream_started writer",
      "stream_text",
      "stream_text",
      "stream_complete writer",
      "artifact_published",
      "agent_completed writer",
      "workflow_finished",
    ]);
  });

  test("tells what it consumed, produces and how long it took", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("writer").consumes(A, A, B).publishes(Text).model("demo/essay").withEngine(engine);
    const inputs = [await bench.publish("A", 1), await bench.publish("B", 2), await bench.publish("A", 3)];
    await bench.clock.advance(1_500);
    engine.call(0).finish({ type: "Text", payload: { text: "x" } });
    await bench.flock.runUntilIdle();
    const [activated] = bench.of("agent_activated");
    const [a1, b, a3] = inputs.map((input) => input.id);
    expect(activated).toMatchObject({
      consumedTypes: ["A", "B"],
      consumedArtifacts: [a1, a3, b],
      producedTypes: ["Text"],
      correlationId: "w",
    });
    expect(bench.of("stream_started")[0]).toMatchObject({
      runId: activated?.runId,
      attempt: 1,
      artifactType: "Text",
      model: "demo/essay",
      consumedArtifacts: [a1, a3, b],
    });
    const made = bench.flock.board.list({ type: "Text" }).map((item) => item.id);
    expect(bench.of("agent_completed")[0]).toMatchObject({ duration: 1.5, artifactsProduced: made });
    expect(bench.of("stream_complete")[0]).toMatchObject({ duration: 1.5, status: "completed" });
  });

  test("shows its engine the agent, the artifacts, the clock and its workflow", async () => {
    const bench = new Bench({ metadata: { user: "ada" } });
    const engine = new GatedEngine();
    bench.flock.agent("writer").description("Write.").consumes(A).publishes(B).model("demo/x").withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    const { context, inputs } = engine.call(0);
    expect(context).toMatchObject({ correlationId: "w", metadata: { user: "ada" }, runtimeMode: "test" });
    expect(context.clock).toBe(bench.clock);
    expect(inputs).toMatchObject({ attempt: 1, output: { fanOut: 1, types: [{ name: "B" }] } });
  });

  test("hands tools to its engine", async () => {
    const bench = new Bench();
    const tool = { name: "add", description: "Adds.", inputSchema: { type: "object" }, execute: () => 3 };
    const seen: unknown[] = [];
    bench.flock
      .agent("x")
      .consumes(A)
      .calls(tool)
      .withEngine({
        name: "spy",
        evaluate: async (agent) => {
          seen.push(agent.tools);
          return { outputs: [] };
        },
      });
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(seen).toEqual([[tool]]);
  });

  test("finds its engine: the agent's own, else by its model, else the flock's", async () => {
    const bench = new Bench({
      engine: { name: "shared", evaluate: async () => ({ outputs: [] }) },
      resolveEngine: (model) => ({ name: model, evaluate: async () => ({ outputs: [] }) }),
    });
    bench.agent("own").consumes(A);
    bench.flock.agent("by model").consumes(A).model("demo/x");
    bench.flock.agent("by default").consumes(A);
    expect(bench.flock.agents.map((agent) => agent.model)).toEqual(["function", "demo/x", "shared"]);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.of("agent_completed")).toHaveLength(3);
  });

  test("asks for the engine of the flock's model once", async () => {
    const asked: string[] = [];
    const bench = new Bench({
      model: "demo/x",
      resolveEngine: (model) => {
        asked.push(model);
        return { name: model, evaluate: async () => ({ outputs: [] }) };
      },
    });
    bench.flock.agent("x").consumes(A);
    for (const n of [1, 2]) await bench.publish("A", n);
    await bench.flock.runUntilIdle();
    expect(asked).toEqual(["demo/x"]);
  });
});

describe("invoke", () => {
  test("runs one agent past its gates and gives what it made", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A, B, { mode: "direct" })
      .publishes(B)
      .withEngine(() => ({ n: 5 }));
    const result = await bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }]);
    expect(result).toMatchObject({ status: "completed", artifacts: [{ type: "B", payload: { n: 5 } }] });
    expect(bench.runs()).toEqual(["A1"]);
  });

  test("sets off nobody by what is handed in, but by what comes out", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: 5 }));
    bench.agent("a").consumes(A);
    bench.agent("b").consumes(B);
    await bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }]);
    await bench.flock.runUntilIdle();
    expect(bench.told("agent_activated")).toEqual(["agent_activated x", "agent_activated b"]);
  });

  test("keeps the workflow of the artifacts", async () => {
    const bench = new Bench();
    const agent = bench.agent("x");
    const item = await bench.publish("A", 1);
    expect((await bench.flock.invoke(agent, [item])).correlationId).toBe("w");
  });

  test("gives a failure as data", async () => {
    const bench = new Bench();
    bench.flock.agent("x").withEngine(() => {
      throw new Error("broken");
    });
    expect(await bench.flock.invoke("x")).toMatchObject({ status: "failed", error: { code: "engine_error" } });
  });

  test("ends at the deadline, which fails the workflow", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .withEngine(() => new Promise(() => {}));
    const result = bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }], { deadline: 2_000 });
    await bench.clock.advance(2_000);
    expect(await result).toMatchObject({ status: "failed", error: { code: "timeout" } });
    expect(bench.of("workflow_finished")).toMatchObject([{ status: "failed", duration: 2 }]);
    expect(bench.clock.pending).toBe(0);
  });

  test("gives a cancelled run as data", async () => {
    const bench = new Bench();
    bench.flock.agent("x").withEngine(new GatedEngine());
    const result = bench.flock.invoke("x", [], { correlationId: "w" });
    await settled();
    bench.flock.cancel({ correlationId: "w" });
    expect(await result).toMatchObject({ status: "cancelled" });
  });

  test("refuses an agent that takes events only, and one that is not there", async () => {
    const bench = new Bench();
    bench.agent("x").consumes(A, { mode: "events" });
    await expect(bench.flock.invoke("x")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(bench.flock.invoke("nobody")).rejects.toMatchObject({ code: "not_found" });
    await expect(bench.flock.invoke("x", [{ type: "A", payload: 1 }])).rejects.toBeInstanceOf(Error);
  });
});

describe("a flock", () => {
  test("describes its agents", () => {
    const bench = new Bench({ model: "demo/essay" });
    bench.flock.agent("x").description("Does x.").consumes(A, A).consumes(B).publishes(Text).labels("l").tenant("t");
    expect({ ...bench.flock.agents[0] }).toMatchObject({
      name: "x",
      description: "Does x.",
      labels: ["l"],
      tenant: "t",
    });
    expect(bench.flock.agents[0]).toMatchObject({ consumes: ["A", "B"], publishes: ["Text"], model: "demo/essay" });
  });

  test.each(["", "external"])("has no agent named %j", (name) => {
    expect(() => new Bench().flock.agent(name)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("has each agent's name once", () => {
    const { flock } = new Bench();
    flock.agent("x");
    expect(() => flock.agent("x")).toThrow(expect.objectContaining({ code: "conflict" }));
  });

  test.each(["consumes", "publishes"] as const)("wants at least one type in %s", (call) => {
    expect(() => new Bench().agent()[call]()).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("stops telling a listener that was taken off", async () => {
    const bench = new Bench();
    const heard: FlockEvent[] = [];
    const off = bench.flock.on((event) => heard.push(event));
    await bench.publish("A", 1);
    const before = heard.length;
    off();
    await bench.publish("A", 2);
    expect(heard).toHaveLength(before);
  });

  test("lists its board by type, workflow, producer and tag", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B, { tags: ["made"] })
      .withEngine(() => ({ n: 9 }));
    await bench.publish("A", 1, {}, { tags: ["in"] });
    await bench.publish("A", 2, {}, { correlationId: "v" });
    await bench.flock.runUntilIdle();
    const list = (filter: Parameters<typeof bench.flock.board.list>[0]) =>
      bench.flock.board.list(filter).map((item) => `${bench.label(item.id)}${item.correlationId}`);
    expect(list({})).toEqual(["A1w", "A2v", "B9w", "B9v"]);
    expect(list({ type: "A" })).toEqual(["A1w", "A2v"]);
    expect(list({ correlationId: "v" })).toEqual(["A2v", "B9v"]);
    expect(list({ type: "B", correlationId: "w" })).toEqual(["B9w"]);
    expect(list({ producedBy: "x" })).toEqual(["B9w", "B9v"]);
    expect(list({ tag: "in" })).toEqual(["A1w"]);
    expect(list({ type: "C" })).toEqual([]);
  });
});
