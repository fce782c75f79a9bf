import { describe, expect, test } from "vitest";
import { A, B, Bench, GatedEngine, numberIn } from "./flock.testing.js";
import { circuitBreaker, duplicateGuard } from "./index.js";

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

  test("keeps two subscriptions that both match from setting off an agent twice by one artifact", async () => {
    const bench = new Bench();
    bench
      .agent("x")
      .consumes(A, { where: (item) => numberIn(item) > 0 })
      .consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.runs("x")).toEqual(["A1"]);
  });

  test("lets subscriptions that take the artifact alone and with another both have it", async () => {
    const bench = new Bench();
    bench.agent("x").consumes(A).consumes(A, B);
    await bench.publish("A", 1);
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    expect(bench.runs("x")).toEqual(["A1", "A1 B2"]);
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
