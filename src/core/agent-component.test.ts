import { describe, expect, test } from "vitest";
import type { AgentComponent } from "./component.js";
import { A, B, Bench, C } from "./flock.testing.js";
import { hooked } from "./hooked.testing.js";

const agentHooks = [
  "initialize",
  "preConsume",
  "preEvaluate",
  "postEvaluate",
  "postPublish",
  "error",
  "terminate",
] as const;

async function run(bench: Bench, components: readonly AgentComponent[], fails = false): Promise<void> {
  bench.flock
    .agent("maker")
    .consumes(A)
    .publishes(B)
    .withComponents(...components)
    .withEngine(() => {
      if (fails) throw new Error("broken");
      return { type: "B", payload: { n: 2 } };
    });
  await bench.publish("A", 1);
  await bench.flock.runUntilIdle();
}

describe("the hooks of an agent", () => {
  test("run in order around a run", async () => {
    const log: string[] = [];
    await run(new Bench(), [hooked("spy", agentHooks, (hook) => void log.push(hook))]);
    expect(log).toEqual(["initialize", "preConsume", "preEvaluate", "postEvaluate", "postPublish", "terminate"]);
  });

  test("hear of a failure, and terminate runs all the same", async () => {
    const log: string[] = [];
    await run(new Bench(), [hooked("spy", agentHooks, (hook) => void log.push(hook))], true);
    expect(log).toEqual(["initialize", "preConsume", "preEvaluate", "error", "terminate"]);
  });

  test("run terminate also when the run is cancelled while a hook hangs", async () => {
    const log: string[] = [];
    const bench = new Bench();
    const stuck: AgentComponent = {
      name: "stuck",
      preConsume: () => new Promise(() => {}),
      terminate: () => void log.push("terminate"),
    };
    bench.flock
      .agent("x")
      .consumes(A)
      .withComponents(stuck)
      .withEngine(() => undefined);
    await bench.publish("A", 1);
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    expect(log).toEqual(["terminate"]);
    expect(bench.codes()).toEqual(["cancelled"]);
  });

  test("do not hold a cancelled run up", async () => {
    const bench = new Bench();
    const stuck: AgentComponent = { name: "stuck", postPublish: () => new Promise(() => {}) };
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B)
      .withComponents(stuck)
      .withEngine(() => ({ n: 1 }));
    await bench.publish("A", 1);
    await bench.clock.advance(0);
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    expect(bench.of("workflow_finished")[0]?.status).toBe("cancelled");
  });

  test("that fail after a failure are told before the end of the run", async () => {
    const bench = new Bench();
    const broken = () => Promise.reject(new Error("oops"));
    await run(bench, [{ name: "broken", error: broken, terminate: broken }], true);
    expect(bench.of("agent_error").map(({ error, willRetry }) => [error.code, willRetry])).toEqual([
      ["component_error", true],
      ["component_error", true],
      ["engine_error", false],
    ]);
  });

  test("run with lower priority first, equal ones as given", async () => {
    const log: string[] = [];
    const named = (name: string, priority?: number): AgentComponent => ({
      name,
      ...(priority !== undefined && { priority }),
      initialize: () => void log.push(name),
    });
    await run(new Bench(), [named("b"), named("c", 5), named("a", -1), named("b2")]);
    expect(log).toEqual(["a", "b", "b2", "c"]);
  });

  test("may replace what is consumed, the inputs and the result", async () => {
    const bench = new Bench();
    const seen: unknown[] = [];
    const extra = await bench.flock.publish(C, { n: 9 });
    bench.flock
      .agent("maker")
      .consumes(A)
      .publishes(B)
      .withComponents(
        { name: "1", preConsume: (_agent, _context, artifacts) => [...artifacts, extra] },
        { name: "2", preEvaluate: (_agent, _context, inputs) => ({ ...inputs, feedback: "be brief" }) },
        { name: "3", postEvaluate: async () => ({ outputs: [{ type: "B", payload: { n: 42 } }] }) },
      )
      .withEngine(
        ({ inputs }) =>
          void seen.push(
            inputs.artifacts.map((item) => bench.label(item.id)),
            inputs.feedback,
          ),
      );
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(seen).toEqual([["A1", "C9"], "be brief"]);
    expect(bench.flock.board.list({ type: "B" })[0]?.payload).toEqual({ n: 42 });
  });

  test("see the run's frozen context", async () => {
    const contexts: unknown[] = [];
    await run(new Bench(), [
      {
        name: "spy",
        initialize: (agent, context) => void contexts.push(agent.name, context.correlationId, Object.isFrozen(context)),
      },
    ]);
    expect(contexts).toEqual(["maker", "w", true]);
  });

  test.each(agentHooks)("are contained: a throwing %s is told and harms nothing", async (hook) => {
    const bench = new Bench();
    const broken = { name: "broken", [hook]: () => Promise.reject(new Error("oops")) } as AgentComponent;
    await run(bench, [broken], hook === "error");
    const faults = bench.of("agent_error").filter((event) => event.error.code === "component_error");
    expect(faults).toMatchObject([{ error: { message: "broken: oops" }, agentName: "maker" }]);
    expect(bench.flock.board.count("B")).toBe(hook === "error" ? 0 : 1);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });
});
