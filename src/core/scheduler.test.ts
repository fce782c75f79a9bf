import { describe, expect, test } from "vitest";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, GatedEngine } from "./flock.testing.js";

const running = (bench: Bench) =>
  bench.of("agent_activated").length - bench.of("agent_completed").length - bench.of("agent_error").length;

describe("concurrency of one agent", () => {
  test("is two runs by default", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("x").consumes(A).withEngine(engine);
    for (let n = 1; n <= 5; n++) await bench.publish("A", n);
    await settled();
    expect(running(bench)).toBe(2);
  });

  test.each([1, 3, 64])("is at most %i where it says so, and all of it is used", async (limit) => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("x").consumes(A).maxConcurrency(limit).withEngine(engine);
    for (let n = 1; n <= limit * 2 + 1; n++) await bench.publish("A", n);
    for (let left = limit * 2 + 1; left > 0; left--) {
      await settled();
      expect(running(bench)).toBe(Math.min(limit, left));
      engine.call(engine.calls.length - running(bench)).finish();
    }
    await bench.flock.runUntilIdle();
    expect(bench.of("agent_completed")).toHaveLength(limit * 2 + 1);
  });

  test("keeps the order of arrival", async () => {
    const bench = new Bench();
    bench.agent().consumes(A).maxConcurrency(1);
    for (let n = 1; n <= 6; n++) await bench.publish("A", n);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1", "A2", "A3", "A4", "A5", "A6"]);
  });

  test("lets higher priority overtake those that wait", async () => {
    const bench = new Bench();
    bench.agent().consumes(A).consumes(B, { priority: 9 }).maxConcurrency(1);
    for (const [type, n] of [
      ["A", 1],
      ["A", 2],
      ["B", 3],
      ["B", 4],
      ["A", 5],
    ] as const)
      await bench.publish(type, n);
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1", "B3", "B4", "A2", "A5"]);
  });

  test("is freed by a run that fails or is cancelled", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("x").consumes(A).maxConcurrency(1).withEngine(engine);
    for (let n = 1; n <= 3; n++) await bench.publish("A", n);
    await settled();
    engine.call(0).fail(new Error("broken"));
    await settled();
    bench.flock.cancel({ runId: bench.of("agent_activated")[1]?.runId ?? "" });
    await settled();
    expect(bench.runs()).toEqual(["A1", "A2", "A3"]);
  });

  test("cannot be less than one", () => {
    expect(() => new Bench().agent().maxConcurrency(0)).toThrow(/at least 1/);
  });
});

describe("concurrency over all agents", () => {
  test("has no limit by default: 64 agents run at once on one artifact", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    for (let i = 0; i < 64; i++) bench.flock.agent(`a${i}`).consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    expect(engine.calls).toHaveLength(64);
  });

  test.each(["dashboard", "cli"] as const)("lets 64 streams of 2 s end in 2 s, in %s mode as well", async (mode) => {
    const bench = new Bench({ mode });
    for (let i = 0; i < 64; i++) {
      bench.flock
        .agent(`a${i}`)
        .consumes(A)
        .withEngine(async ({ context }) => {
          for (let part = 0; part < 4; part++) {
            await new Promise<void>((resolve) => context.clock.setTimeout(resolve, 500));
            context.stream.append(`${part}`);
          }
        });
    }
    await bench.publish("A", 1);
    await bench.clock.advance(2_000);
    expect(bench.of("workflow_finished")).toMatchObject([{ status: "completed", duration: 2 }]);
    expect(Object.values(bench.texts())).toEqual(Array.from({ length: 64 }, () => "0123"));
  });

  test("is limited where the flock says so, and agents take turns", async () => {
    const engine = new GatedEngine();
    const bench = new Bench({ maxConcurrency: 2 });
    for (const name of ["x", "y", "z"]) bench.flock.agent(name).consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    await bench.publish("A", 2);
    for (let index = 0; index < 6; index++) {
      await settled();
      expect(running(bench)).toBe(Math.min(2, 6 - index));
      engine.call(index).finish();
    }
    await bench.flock.runUntilIdle();
    expect(engine.calls.map((call) => call.agentName)).toEqual(["x", "y", "z", "x", "y", "z"]);
  });

  test("prefers higher priority across agents", async () => {
    const engine = new GatedEngine();
    const bench = new Bench({ maxConcurrency: 1 });
    bench.flock.agent("low").consumes(A).withEngine(engine);
    bench.flock.agent("high").consumes(B, { priority: 1 }).withEngine(engine);
    for (const [type, n] of [
      ["A", 1],
      ["A", 2],
      ["B", 3],
    ] as const)
      await bench.publish(type, n);
    for (let index = 0; index < 3; index++) {
      await settled();
      engine.call(index).finish();
    }
    await bench.flock.runUntilIdle();
    expect(engine.calls.map((call) => call.agentName)).toEqual(["low", "high", "low"]);
  });
});

describe("limits of a provider", () => {
  test("hold engine calls back visibly, and let them follow", async () => {
    const engine = new GatedEngine();
    const bench = new Bench({ resolveEngine: () => engine, providerLimits: { openai: { maxConcurrency: 1 } } });
    for (const name of ["x", "y"]) bench.flock.agent(name).consumes(A).model("openai/gpt");
    bench.flock.agent("z").consumes(A).model("anthropic/claude");
    await bench.publish("A", 1);
    await settled();
    expect(engine.calls.map((call) => call.agentName)).toEqual(["x", "z"]);
    expect(bench.of("agent_waiting")).toMatchObject([{ agentName: "y", reason: "openai takes 1 at once" }]);
    engine.call(0).finish();
    await settled();
    expect(engine.calls.map((call) => call.agentName)).toEqual(["x", "z", "y"]);
  });

  test("free the place of a call that is cancelled while it waits", async () => {
    const engine = new GatedEngine();
    const bench = new Bench({ resolveEngine: () => engine, providerLimits: { openai: { maxConcurrency: 1 } } });
    for (const name of ["x", "y", "z"]) bench.flock.agent(name).consumes(A).model("openai/gpt");
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ runId: bench.of("agent_activated")[1]?.runId ?? "" });
    await settled();
    engine.call(0).finish();
    await settled();
    expect(engine.calls.map((call) => call.agentName)).toEqual(["x", "z"]);
  });

  test("a provider that asks to wait is waited for, which is told and is no failure", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .model("openai/gpt")
      .withEngine(async ({ context }) => {
        await context.waitForProvider("rate limited", context.clock.now() + 3_000);
        context.stream.append("served");
      });
    await bench.publish("A", 1);
    await bench.clock.advance(2_999);
    expect(bench.of("agent_waiting")).toMatchObject([{ reason: "rate limited", until: bench.clock.now() + 1 }]);
    expect(bench.texts()).toEqual({ x: "" });
    await bench.clock.advance(1);
    expect(bench.texts()).toEqual({ x: "served" });
    expect(bench.of("workflow_finished")[0]?.status).toBe("completed");
  });

  test("one call that is told to wait makes later ones of the provider wait too", async () => {
    const bench = new Bench();
    const called: string[] = [];
    const model = (name: string, provider: string) =>
      bench.flock
        .agent(name)
        .consumes(name === "first" ? A : B)
        .model(`${provider}/m`)
        .withEngine(async ({ context }) => {
          called.push(name);
          if (name === "first") await context.waitForProvider("rate limited", context.clock.now() + 3_000);
        });
    model("first", "openai");
    model("second", "openai");
    model("other", "anthropic");
    await bench.publish("A", 1);
    await bench.publish("B", 2);
    await bench.clock.advance(0);
    expect(called).toEqual(["first", "other"]);
    expect(bench.of("agent_waiting").map((event) => event.agentName)).toEqual(["first", "second"]);
    await bench.clock.advance(3_000);
    expect(called).toEqual(["first", "other", "second"]);
  });

  test("a wait ends at once when the run is cancelled", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .withEngine(({ context }) => context.waitForProvider("rate limited", context.clock.now() + 3_600_000));
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    expect(bench.of("stream_complete")[0]?.status).toBe("cancelled");
    expect(bench.clock.pending).toBe(0);
  });
});
