import { describe, expect, test } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import type { Engine } from "./engine.js";
import { A, B, Bench, Text } from "./flock.testing.js";
import type { StepFunction } from "./function-engine.js";

async function run(make: (agent: AgentBuilder) => AgentBuilder): Promise<Bench> {
  const bench = new Bench();
  make(bench.flock.agent("x").consumes(A));
  await bench.publish("A", 1);
  await bench.flock.runUntilIdle();
  return bench;
}

const payloads = (bench: Bench) => bench.flock.board.list({ producedBy: "x" }).map((item) => item.payload);

/** An engine that streams its text and makes it the output. */
const writer = (text: string): Engine => ({
  name: `writer of ${text}`,
  async evaluate(_agent, context) {
    context.stream.append(text);
    return { outputs: [{ type: "Text", payload: { text } }] };
  },
});

describe("the stream of an agent that makes text is that text", () => {
  test.each<{ name: string; step: StepFunction; text: string }>([
    { name: "a string", step: () => "hello", text: "hello" },
    { name: "a payload", step: () => ({ text: "hello" }), text: "hello" },
    { name: "a draft", step: () => ({ type: "Text", payload: { text: "hello" } }), text: "hello" },
    { name: "a promise", step: async () => "hello", text: "hello" },
    { name: "nothing", step: () => undefined, text: "" },
  ])("of a function that returns $name", async ({ step, text }) => {
    const bench = await run((agent) => agent.publishes(Text).withEngine(step));
    expect(bench.texts()).toEqual({ x: text });
    expect(payloads(bench)).toEqual(text === "" ? [] : [{ text }]);
  });

  test("of a function that streams it itself, once", async () => {
    const bench = await run((agent) =>
      agent.publishes(Text).withEngine(({ context }) => {
        context.stream.append("hel");
        context.stream.append("lo");
        return "hello";
      }),
    );
    expect(bench.texts()).toEqual({ x: "hello" });
  });

  test("of several texts, one after the other", async () => {
    const bench = await run((agent) => agent.publishes(Text, { fanOut: 2 }).withEngine(() => ["one", "two"]));
    expect(bench.texts()).toEqual({ x: "one\n\ntwo" });
  });

  test.each<{ name: string; chain: (Engine | StepFunction)[] }>([
    { name: "two engines", chain: [writer("hi"), writer("ho")] },
    { name: "a function and an engine", chain: [() => "hi", writer("ho")] },
    { name: "an engine and a function", chain: [writer("hi"), () => "ho"] },
    { name: "two functions", chain: [() => "hi", () => "ho"] },
  ])("of a chain of $name: the last one's", async ({ chain }) => {
    const bench = await run((agent) => agent.publishes(Text).withEngine(...chain));
    expect(payloads(bench)).toEqual([{ text: "ho" }]);
    expect(bench.texts()).toEqual({ x: "ho" });
  });

  test("of each attempt", async () => {
    const bench = await run((agent) =>
      agent
        .publishes(Text, { validate: ({ payload }) => (payload as { text: string }).text !== "first" })
        .withEngine(({ inputs }) => (inputs.attempt === 1 ? "first" : "second")),
    );
    expect(bench.texts()).toEqual({ x: "first|second" });
  });
});

test("what a function makes that is no text does not show, and what it streams in a chain does", async () => {
  const bench = await run((agent) => agent.publishes(B).withEngine(writer("thinking"), () => ({ n: 2 })));
  expect(bench.texts()).toEqual({ x: "thinking" });
  expect(payloads(bench)).toEqual([{ n: 2 }]);
});

describe("a function of an agent that publishes nothing", () => {
  test.each([["a string"], [17], [{ row: 17 }], [[1, 2]]])("is called once, whatever it returns: %j", async (value) => {
    let calls = 0;
    const bench = await run((agent) =>
      agent.withEngine(() => {
        calls++;
        return value;
      }),
    );
    expect(calls).toBe(1);
    expect(bench.codes()).toEqual([]);
    expect(bench.of("workflow_finished")).toMatchObject([{ status: "completed" }]);
  });

  test("is told at once that a draft of it has no place", async () => {
    let calls = 0;
    const bench = await run((agent) =>
      agent.withEngine(() => {
        calls++;
        return { type: "B", payload: { n: 1 } };
      }),
    );
    expect(calls).toBe(1);
    expect(bench.of("agent_error")).toMatchObject([
      { error: { code: "invalid_output", message: "B: not among the expected types (none)" }, willRetry: false },
    ]);
  });
});
