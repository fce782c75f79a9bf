import { describe, expect, test } from "vitest";
import type { FlockComponent } from "./component.js";
import { FlockError } from "./errors.js";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench } from "./flock.testing.js";
import { hooked } from "./hooked.testing.js";

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
    const { id } = await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.get(id)).toBeUndefined();
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

describe("work waits for components to initialize", () => {
  function slow() {
    let ready = () => {};
    const initialized = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const bench = new Bench({ components: [{ name: "db", initialize: () => initialized }] });
    bench.agent("x").consumes(A);
    return { bench, ready: () => ready() };
  }

  test.each<[string, (bench: Bench) => unknown]>([
    ["a publication", (bench) => bench.publish("A", 1)],
    ["several publications", (bench) => bench.flock.publishAll([{ type: "A", payload: { n: 1 } }])],
    ["an invocation", (bench) => bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }])],
    ["a schedule", (bench) => bench.agent("timed").schedule({ every: 5 })],
    ["a schedule added meanwhile", (bench) => bench.flock.start() && bench.agent("timed").schedule({ every: 5 })],
  ])("%s", async (_name, begin) => {
    const { bench, ready } = slow();
    begin(bench);
    await bench.clock.advance(60_000);
    expect(bench.events).toEqual([]);
    ready();
    await bench.clock.advance(5);
    expect(bench.of("agent_activated")).toHaveLength(1);
    await bench.flock.shutdown();
  });

  test("and goes on at once where all are synchronous", async () => {
    const bench = new Bench({ components: [{ name: "c", initialize: () => undefined }] });
    void bench.publish("A", 1);
    expect(bench.told("artifact_published")).toHaveLength(1);
  });

  test("runUntilIdle and runUntil wait too", async () => {
    const { bench, ready } = slow();
    const order: string[] = [];
    const idle = bench.flock.runUntilIdle().then(() => order.push("idle"));
    const held = bench.flock.runUntil(() => true).then(() => order.push("held"));
    await settled();
    expect(order).toEqual([]);
    ready();
    await Promise.all([idle, held]);
  });

  test("until the flock closes: then it is refused", async () => {
    const { bench } = slow();
    const refused = expect(bench.publish("A", 1)).rejects.toMatchObject({ code: "shutting_down" });
    await bench.flock.shutdown();
    await refused;
  });
});

test("a publication waits for agentScheduled", async () => {
  let done = () => {};
  const hook = new Promise<void>((resolve) => {
    done = resolve;
  });
  const bench = new Bench({ components: [{ name: "log", agentScheduled: () => hook }] });
  bench.agent("x").consumes(A);
  const order: string[] = [];
  const published = bench.publish("A", 1).then(() => order.push("published"));
  await settled();
  order.push("logged");
  done();
  await published;
  expect(order).toEqual(["logged", "published"]);
});

test("an agentScheduled that hangs ends with the run", async () => {
  const bench = new Bench({ components: [{ name: "log", agentScheduled: () => new Promise(() => {}) }] });
  bench.flock
    .agent("x")
    .consumes(A)
    .withEngine(() => new Promise(() => {}));
  const result = bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }], { correlationId: "w" });
  await settled();
  bench.flock.cancel({ correlationId: "w" });
  expect(await result).toMatchObject({ status: "cancelled" });
});
