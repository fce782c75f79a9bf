import { describe, expect, test } from "vitest";
import type { AgentComponent, FlockComponent } from "./component.js";
import { FlockError } from "./errors.js";
import { A, B, Bench, C, GatedEngine, numberIn } from "./flock.testing.js";
import { circuitBreaker, duplicateGuard } from "./index.js";

const agentHooks = [
  "initialize",
  "preConsume",
  "preEvaluate",
  "postEvaluate",
  "postPublish",
  "error",
  "terminate",
] as const;
const flockHooks = [
  "initialize",
  "artifactPublished",
  "beforeSchedule",
  "collectArtifacts",
  "beforeAgentSchedule",
  "agentScheduled",
  "idle",
  "shutdown",
] as const;

/** A component whose every hook runs `effect` with the hook's name. */
function hooked<Component>(name: string, hooks: readonly string[], effect: (hook: string) => unknown): Component {
  return { name, ...Object.fromEntries(hooks.map((hook) => [hook, () => effect(hook)])) } as Component;
}

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

describe("the hooks of the orchestrator", () => {
  test("run in order around an activation", async () => {
    const log: string[] = [];
    const bench = new Bench({ components: [hooked<FlockComponent>("spy", flockHooks, (hook) => void log.push(hook))] });
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    await bench.flock.shutdown();
    expect(log).toEqual([
      "initialize",
      "artifactPublished",
      "beforeSchedule",
      "collectArtifacts",
      "beforeAgentSchedule",
      "agentScheduled",
      "idle",
      "shutdown",
    ]);
  });

  test.each(flockHooks)("are contained: a throwing %s is told and harms nothing", async (hook) => {
    const broken = { name: "broken", [hook]: () => Promise.reject(new Error("oops")) } as FlockComponent;
    const bench = new Bench({ components: [broken] });
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    await bench.flock.shutdown();
    expect(bench.of("agent_error")).toMatchObject([{ error: { code: "component_error", message: "broken: oops" } }]);
    expect(bench.runs()).toEqual(["A1"]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("completed");
  });

  test("may replace an artifact before it is on the board", async () => {
    const bench = new Bench({
      components: [{ name: "stamp", artifactPublished: (_c, item) => Object.freeze({ ...item, tags: ["stamped"] }) }],
    });
    bench.agent().consumes(A, { tags: ["stamped"] });
    const artifact = await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(artifact.tags).toEqual(["stamped"]);
    expect(bench.runs()).toEqual(["A1"]);
  });

  test("may withdraw an artifact", async () => {
    const bench = new Bench({ components: [{ name: "censor", artifactPublished: async () => null }] });
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.size).toBe(0);
    expect(bench.runs()).toEqual([]);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });

  test("may skip a subscription", async () => {
    const bench = new Bench({
      components: [{ name: "no x", beforeSchedule: (_c, _item, agent) => (agent.name === "x" ? "skip" : "continue") }],
    });
    bench.agent("x").consumes(A);
    bench.agent("y").consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.told("agent_activated")).toEqual(["agent_activated y"]);
  });

  test("may defer an artifact until the other work of the workflow is done", async () => {
    let asked = 0;
    const bench = new Bench({
      components: [
        {
          name: "later",
          beforeSchedule: (_c, _item, agent) => (agent.name === "last" && asked++ === 0 ? "defer" : "continue"),
        },
      ],
    });
    bench.agent("last").consumes(A);
    bench.flock
      .agent("maker")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: 1 }));
    bench.agent("next").consumes(B);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.told("agent_activated")).toEqual([
      "agent_activated maker",
      "agent_activated next",
      "agent_activated last",
    ]);
  });

  test.each([false, true])("cannot defer for ever (asynchronous: %s)", async (asynchronous) => {
    let asked = 0;
    const bench = new Bench({
      components: [
        {
          name: "never",
          beforeSchedule: () => {
            asked++;
            return asynchronous ? Promise.resolve("defer" as const) : "defer";
          },
        },
      ],
    });
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(asked).toBe(2);
    expect(bench.runs()).toEqual([]);
    expect(bench.of("workflow_finished")).toHaveLength(1);
  });

  test("may collect in place of the gate", async () => {
    const collected: string[] = [];
    const bench = new Bench({
      components: [
        {
          name: "pairs",
          collectArtifacts: (_c, item) => {
            collected.push(bench.label(item.id));
            return { artifacts: [item], complete: collected.length % 2 === 0 };
          },
        },
      ],
    });
    bench.agent().consumes(A);
    for (const n of [1, 2, 3, 4]) await bench.publish("A", n);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A2", "A4"]);
  });

  test("may change or drop what an agent is activated with", async () => {
    const bench = new Bench({
      components: [
        {
          name: "thin",
          beforeAgentSchedule: (_c, agent, artifacts) => (agent.name === "x" ? null : artifacts.slice(0, 1)),
        },
      ],
    });
    bench.agent("x").consumes(A);
    bench.agent("y").consumes(A, A);
    await bench.publish("A", 1);
    await bench.publish("A", 2);
    await bench.flock.runUntilIdle();
    expect(bench.told("agent_activated")).toEqual(["agent_activated y"]);
    expect(bench.runs("y")).toEqual(["A1"]);
  });

  test("may refuse an activation with an error, which fails the workflow", async () => {
    const refusal = new FlockError("forbidden", "not today");
    const bench = new Bench({ components: [{ name: "guard", beforeAgentSchedule: () => refusal }] });
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.codes()).toEqual(["forbidden"]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("failed");
  });

  test("let asynchronous ones keep the order of artifacts", async () => {
    const bench = new Bench({ components: [{ name: "slow", artifactPublished: async () => undefined }] });
    bench.agent().consumes(A).maxConcurrency(9);
    for (const n of [1, 2, 3]) await bench.publish("A", n);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1", "A2", "A3"]);
  });
});

describe("the circuit breaker", () => {
  function pingPong(bench: Bench): void {
    const n = 0;
    bench.flock
      .agent("ping")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n }));
    bench.flock
      .agent("pong")
      .consumes(B)
      .publishes(A)
      .withEngine(() => ({ n }));
  }

  test("stops a loop after 1000 activations of an agent and says so once", async () => {
    const bench = new Bench();
    pingPong(bench);
    await bench.publish("A", 0);
    await bench.flock.runUntilIdle();
    expect(bench.runs("ping")).toHaveLength(1_000);
    expect(bench.of("agent_error")).toMatchObject([{ agentName: "ping", error: { code: "circuit_open" } }]);
    expect(bench.of("workflow_finished")[0]?.status).toBe("failed");
  });

  test("counts each workflow by itself", async () => {
    const bench = new Bench({ components: [circuitBreaker(2)] });
    bench.agent().consumes(A);
    for (let n = 1; n <= 6; n++) await bench.publish("A", n, {}, { correlationId: `w${n % 3}` });
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toHaveLength(6);
    expect(bench.codes()).toEqual([]);
  });

  test("says once that it has stopped an agent, however often it is set off again", async () => {
    const bench = new Bench({ components: [circuitBreaker(2)] });
    bench.agent().consumes(A);
    await bench.flock.publishAll([1, 2, 3, 4, 5].map((n) => ({ type: A, payload: { n } })));
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1", "A2"]);
    expect(bench.codes()).toEqual(["circuit_open"]);
  });

  test("takes another limit when it is given anew", async () => {
    const bench = new Bench({ components: [circuitBreaker(5)] });
    pingPong(bench);
    await bench.publish("A", 0);
    await bench.flock.runUntilIdle();
    expect(bench.runs("ping")).toHaveLength(5);
  });
});

describe("the duplicate guard", () => {
  test("lets the same artifact set off different agents", async () => {
    const bench = new Bench();
    bench.agent("x").consumes(A);
    bench.agent("y").consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.told("agent_activated")).toHaveLength(2);
  });

  test("can be replaced by name", async () => {
    const bench = new Bench({ components: [{ ...duplicateGuard(), beforeAgentSchedule: () => undefined }] });
    bench.agent("x").consumes(A).consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.runs("x")).toEqual(["A1", "A1"]);
  });
});

describe("self-trigger", () => {
  test.each([
    { prevent: true, runs: 1 },
    { prevent: false, runs: 4 },
  ])("prevented $prevent: $runs runs", async ({ prevent, runs }) => {
    const bench = new Bench();
    bench.flock
      .agent("echo")
      .consumes(A, { where: (item) => numberIn(item) < 4 })
      .publishes(A)
      .preventSelfTrigger(prevent)
      .withEngine(({ artifacts }) => ({ n: numberIn(artifacts[0]) + 1 }));
    await bench.publish("A", 0);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toHaveLength(runs);
  });

  test("is the default", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).publishes(A).withEngine(engine);
    await bench.publish("A", 1);
    await bench.clock.advance(0);
    engine.call(0).finish({ type: "A", payload: { n: 2 } });
    await bench.flock.runUntilIdle();
    expect(engine.calls).toHaveLength(1);
  });
});
