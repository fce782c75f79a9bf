import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { AgentBuilder } from "./agent-builder.js";
import { artifact } from "./artifact-types.js";
import type { Engine, EvalInputs, OutputDraft } from "./engine.js";
import { FlockError } from "./errors.js";
import { A, B, Bench, C, GatedEngine, numberIn, Text } from "./flock.testing.js";

/** An engine that answers its calls with these results, one after the other. */
function scripted(...results: (readonly OutputDraft[] | Error)[]): Engine & { inputs: EvalInputs[] } {
  const inputs: EvalInputs[] = [];
  return {
    name: "scripted",
    inputs,
    async evaluate(_agent, context, given) {
      const result = results[inputs.length] ?? [];
      inputs.push(given);
      context.stream.append(`attempt ${given.attempt}`);
      if (result instanceof Error) throw result;
      return { outputs: result };
    },
  };
}

const b = (n: unknown): OutputDraft => ({ type: "B", payload: { n } });

async function runOnce(make: (agent: AgentBuilder) => AgentBuilder, bench = new Bench()): Promise<Bench> {
  make(bench.flock.agent("maker").consumes(A));
  await bench.publish("A", 1);
  await bench.flock.runUntilIdle();
  return bench;
}

const made = (bench: Bench) => bench.flock.board.list({ producedBy: "maker" }).map((item) => bench.label(item.id));

describe("an output group", () => {
  test("is one engine call with a stream of its own", async () => {
    const engine = scripted([b(1)], [{ type: "C", payload: { n: 2 } }]);
    const bench = await runOnce((a) => a.publishes(B).publishes(C).withEngine(engine));
    expect(engine.inputs.map((inputs) => inputs.output.types.map((type) => type.name))).toEqual([["B"], ["C"]]);
    expect(bench.of("stream_started").map((event) => event.artifactType)).toEqual(["B", "C"]);
    expect(made(bench)).toEqual(["B1", "C2"]);
  });

  test("may make several types in one call", async () => {
    const engine = scripted([b(1), { type: "C", payload: { n: 2 } }]);
    const bench = await runOnce((a) => a.publishes(B, C).withEngine(engine));
    expect(engine.inputs).toHaveLength(1);
    expect(made(bench)).toEqual(["B1", "C2"]);
  });

  test("asks for fanOut artifacts of each type", async () => {
    const engine = scripted([b(1), b(2), b(3)]);
    const bench = await runOnce((a) => a.publishes(B, { fanOut: 3 }).withEngine(engine));
    expect(engine.inputs[0]?.output.fanOut).toBe(3);
    expect(made(bench)).toEqual(["B1", "B2", "B3"]);
  });

  test("drops outputs for which its where fails", async () => {
    const engine = scripted([b(1), b(2), b(3)]);
    const odd = (output: OutputDraft) => (output.payload as { n: number }).n % 2 === 1;
    const bench = await runOnce((a) => a.publishes(B, { fanOut: 3, where: odd }).withEngine(engine));
    expect(made(bench)).toEqual(["B1", "B3"]);
    expect(bench.codes()).toEqual([]);
  });

  test("puts its tags and visibility on the artifacts", async () => {
    const seen = { kind: "private", agents: ["x"] } as const;
    const bench = await runOnce((a) => a.publishes(B, { tags: ["t"], visibility: seen }).withEngine(scripted([b(1)])));
    expect(bench.flock.board.list({ type: "B" })[0]).toMatchObject({ tags: ["t"], visibility: seen });
  });

  test("hands the run's correlation id on", async () => {
    const bench = await runOnce((a) => a.publishes(B).withEngine(scripted([b(1)])));
    expect(bench.flock.board.list({ type: "B" })[0]).toMatchObject({ correlationId: "w", producedBy: "maker" });
  });

  test("of one agent goes on when another one fails, and the run counts as failed", async () => {
    const bench = await runOnce((a) =>
      a
        .publishes(B)
        .publishes(C)
        .withEngine(scripted([b(1)], new Error("down"))),
    );
    expect(made(bench)).toEqual(["B1"]);
    expect(bench.codes()).toEqual(["engine_error"]);
    expect(bench.of("agent_completed")).toEqual([]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("failed");
  });

  test("that fails ends its run once, when the others are done", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("maker").consumes(A).publishes(B).publishes(C).publishes(Text).withEngine(engine);
    await bench.publish("A", 1);
    await bench.clock.advance(0);
    engine.call(0).fail(new Error("first"));
    engine.call(2).fail(new Error("third"));
    await bench.clock.advance(0);
    expect(bench.told("stream_complete", "agent_error")).toEqual(["stream_complete maker", "stream_complete maker"]);
    engine.call(1).finish({ type: "C", payload: { n: 2 } });
    await bench.flock.runUntilIdle();
    expect(bench.of("agent_error")).toMatchObject([
      { error: { message: "third" }, willRetry: true },
      { error: { message: "first" }, willRetry: false },
    ]);
    expect(made(bench)).toEqual(["C2"]);
  });

  test("publishes the payload as its type parsed it", async () => {
    const bench = new Bench();
    const Filled = artifact("Filled", z.object({ tone: z.string().default("dry") }));
    await runOnce((a) => a.publishes(Filled).withEngine(scripted([{ type: "Filled", payload: {} }])), bench);
    expect(bench.flock.board.list({ type: "Filled" })[0]?.payload).toEqual({ tone: "dry" });
  });

  test("is empty for an agent that publishes nothing, whose engine runs all the same", async () => {
    const engine = scripted([]);
    const bench = await runOnce((a) => a.withEngine(engine));
    expect(engine.inputs[0]?.output.types).toEqual([]);
    expect(bench.of("agent_completed")[0]?.artifactsProduced).toEqual([]);
  });
});

describe("an output that does not fit", () => {
  test.each<{ name: string; wrong: readonly OutputDraft[]; words: string }>([
    { name: "has a payload of the wrong shape", wrong: [b("one")], words: "B: $.n:" },
    {
      name: "is of another type",
      wrong: [{ type: "C", payload: { n: 1 } }],
      words: "C: not among the expected types (B)",
    },
    { name: "is missing", wrong: [], words: "B: expected 1, got 0" },
    { name: "is one too many", wrong: [b(1), b(2)], words: "B: expected 1, got 2" },
  ])("is made again with the validator's words when it $name", async ({ wrong, words }) => {
    const engine = scripted(wrong, [b(2)]);
    const bench = await runOnce((a) => a.publishes(B).withEngine(engine));
    expect(engine.inputs[1]).toMatchObject({ attempt: 2 });
    expect(engine.inputs[1]?.feedback).toContain(words);
    expect(made(bench)).toEqual(["B2"]);
    expect(bench.of("agent_error")).toMatchObject([{ attempt: 1, willRetry: true, error: { code: "invalid_output" } }]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("completed");
  });

  test("is made again at most twice, each attempt with its own stream", async () => {
    const engine = scripted([], [], [], []);
    const bench = await runOnce((a) => a.publishes(B).withEngine(engine));
    expect(bench.of("stream_started").map((event) => event.attempt)).toEqual([1, 2, 3]);
    expect(bench.of("stream_complete").map((event) => event.status)).toEqual(["failed", "failed", "failed"]);
    expect(bench.of("agent_error").map((event) => event.willRetry)).toEqual([true, true, false]);
    expect(new Set(bench.of("stream_started").map((event) => event.streamId)).size).toBe(3);
    expect(bench.texts()).toEqual({ maker: "attempt 1|attempt 2|attempt 3" });
    expect(bench.of("workflow_finished")[0]?.status).toBe("failed");
  });

  test("is refused by the agent's own check in its own words", async () => {
    const engine = scripted([b(1)], [b(9)]);
    const validate = ({ payload }: OutputDraft) => (payload as { n: number }).n > 5 || "n must be above 5";
    const bench = await runOnce((a) => a.publishes(B, { validate }).withEngine(engine));
    expect(engine.inputs[1]?.feedback).toBe("B: n must be above 5");
    expect(bench.codes()).toEqual(["output_rejected"]);
    expect(made(bench)).toEqual(["B9"]);
  });

  test("hears every validator that refuses", async () => {
    const engine = scripted([b(1)], [b(2)]);
    const refuse = (words: string) => (output: OutputDraft) => (output.payload as { n: number }).n === 2 || words;
    await runOnce((a) => a.publishes(B, { validate: [refuse("too small"), refuse("too odd")] }).withEngine(engine));
    expect(engine.inputs[1]?.feedback).toBe("B: too small\nB: too odd");
  });

  test("shows the validator what was consumed", async () => {
    const validate = (_output: OutputDraft, consumed: readonly { id: string }[]) => consumed.length === 1;
    const bench = await runOnce((a) => a.publishes(B, { validate }).withEngine(scripted([b(1)])));
    expect(made(bench)).toEqual(["B1"]);
  });

  test("is not tried again when the engine itself failed", async () => {
    const engine = scripted(new FlockError("connection_lost", "the line broke"), [b(1)]);
    const bench = await runOnce((a) => a.publishes(B).withEngine(engine));
    expect(engine.inputs).toHaveLength(1);
    expect(bench.of("stream_complete")[0]).toMatchObject({ status: "failed", error: { code: "connection_lost" } });
    expect(bench.texts()).toEqual({ maker: "attempt 1" });
  });

  test("of a type that nobody registered fails with unknown_type", async () => {
    const bench = await runOnce((a) => a.publishes("Nowhere").withEngine(scripted()));
    expect(bench.codes()).toEqual(["unknown_type"]);
    expect(bench.of("stream_complete")[0]?.status).toBe("failed");
  });
});

describe("best of several", () => {
  const byNumber = ({ outputs: [first] }: { outputs: readonly OutputDraft[] }) => numberIn(first);

  test("publishes the candidate with the highest score", async () => {
    const engine = scripted([b(1)], [b(3)], [b(2)]);
    const bench = await runOnce((a) => a.publishes(B).withEngine(engine).bestOf(3, byNumber));
    expect(made(bench)).toEqual(["B3"]);
    expect(bench.of("stream_complete").map((event) => event.status)).toEqual(["completed", "completed", "completed"]);
  });

  test("takes the earlier one of equals", async () => {
    const engine = scripted([b(1)], [b(2)]);
    const bench = await runOnce((a) =>
      a
        .publishes(B)
        .withEngine(engine)
        .bestOf(2, () => 7),
    );
    expect(made(bench)).toEqual(["B1"]);
  });

  test("goes on without the candidates that failed", async () => {
    const engine = scripted(new Error("down"), [b(2)]);
    const bench = await runOnce((a) => a.publishes(B).withEngine(engine).bestOf(2, byNumber));
    expect(made(bench)).toEqual(["B2"]);
    expect(bench.of("agent_error")).toMatchObject([{ willRetry: true, error: { code: "engine_error" } }]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("completed");
  });

  test("fails when all candidates failed", async () => {
    const bench = await runOnce((a) =>
      a
        .publishes(B)
        .withEngine(scripted(new Error("x"), new Error("y")))
        .bestOf(2, byNumber),
    );
    expect(bench.of("agent_error").map((event) => event.willRetry)).toEqual([true, false]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("failed");
  });
});

describe("a chain of engines", () => {
  test("feeds each engine with the outputs of the one before, on one stream, which is the last one's text", async () => {
    const bench = new Bench();
    bench.flock
      .agent("chain")
      .consumes(A)
      .publishes(Text)
      .withEngine(
        ({ artifacts, context }) => {
          context.stream.append("one ");
          return { type: "C", payload: { n: numberIn(artifacts[0]) + 1 } };
        },
        ({ artifacts, context }) => {
          context.stream.append("two");
          return { type: "Text", payload: { text: `${artifacts[0]?.type} ${JSON.stringify(artifacts[0]?.payload)}` } };
        },
      );
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.list({ type: "Text" })[0]?.payload).toEqual({ text: 'C {"n":2}' });
    expect(bench.texts()).toEqual({ chain: "two" });
    expect(bench.flock.board.list({ type: "C" })).toEqual([]);
  });

  test("adds up what its engines used", async () => {
    const uses = (inputTokens: number): Engine => ({
      name: `uses ${inputTokens}`,
      evaluate: async () => ({ outputs: [], usage: { inputTokens }, partial: true }),
    });
    const bench = await runOnce((a) => a.withEngine(uses(3), uses(4)));
    expect(bench.of("agent_completed")[0]?.usage).toEqual({ inputTokens: 7 });
  });
});

describe("a plain function", () => {
  test.each<{ name: string; give: unknown; published: string[] }>([
    { name: "one draft", give: b(1), published: ["B1"] },
    { name: "several", give: [b(1), b(2)], published: ["B1", "B2"] },
    { name: "nothing", give: undefined, published: [] },
    { name: "the payload alone, where there is one type", give: { n: 3 }, published: ["B3"] },
    { name: "several payloads", give: [{ n: 3 }, { n: 4 }], published: ["B3", "B4"] },
  ])("may return $name", async ({ give, published }) => {
    const bench = await runOnce((a) => a.publishes(B).withEngine(() => give));
    expect(made(bench)).toEqual(published);
    expect(bench.codes()).toEqual([]);
  });

  test("may return the text alone where the type is text", async () => {
    const bench = await runOnce((a) => a.publishes(Text).withEngine(() => "hello"));
    expect(bench.flock.board.list({ type: "Text" })[0]?.payload).toEqual({ text: "hello" });
  });

  test("that returns a value of no type where there are two is told so", async () => {
    const bench = await runOnce((a) => a.publishes(B, C).withEngine(() => ({ n: 1 })));
    expect(bench.of("agent_error").at(-1)?.error.message).toContain("A value without a type");
  });

  test("given to calls is the agent's work", async () => {
    const bench = await runOnce((a) => a.publishes(B).calls(() => b(4)));
    expect(made(bench)).toEqual(["B4"]);
  });

  test("may publish a type that is consumed next", async () => {
    const bench = new Bench();
    bench.agent("next").consumes(B);
    await runOnce((a) => a.publishes(B).withEngine(async () => b(5)), bench);
    expect(bench.runs("next")).toEqual(["B5"]);
  });
});
