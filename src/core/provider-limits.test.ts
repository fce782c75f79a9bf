import { describe, expect, test } from "vitest";
import type { Engine } from "./engine.js";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, C, GatedEngine } from "./flock.testing.js";
import type { StepFunction } from "./function-engine.js";

const step = () => ({ n: 0 });

describe("the limit of a provider", () => {
  test.each<{ name: string; chain: (openai: Engine) => readonly (Engine | StepFunction)[] }>([
    { name: "alone", chain: (openai) => [openai] },
    { name: "after a function", chain: (openai) => [step, openai] },
    { name: "before a function", chain: (openai) => [openai, step] },
    {
      name: "after the engine of another provider",
      chain: (openai) => [{ name: "anthropic/claude", evaluate: async () => ({ outputs: [], partial: true }) }, openai],
    },
  ])("holds an engine handed over by withEngine, $name", async ({ chain }) => {
    const openai = new GatedEngine("openai/gpt");
    const bench = new Bench({ providerLimits: { openai: { maxConcurrency: 1 } } });
    for (const name of ["x", "y"]) {
      bench.flock
        .agent(name)
        .consumes(A)
        .publishes(A)
        .withEngine(...chain(openai));
    }
    await bench.publish("A", 1);
    await settled();
    expect(openai.calls.map((call) => call.agentName)).toEqual(["x"]);
    expect(bench.of("agent_waiting")).toMatchObject([{ agentName: "y", reason: "openai takes 1 at once" }]);
    openai.call(0).finish();
    await settled();
    expect(openai.calls.map((call) => call.agentName)).toEqual(["x", "y"]);
  });

  test("is given back when an engine of a chain is done, and when a call is cancelled", async () => {
    const [openai, local] = [new GatedEngine("openai/gpt"), new GatedEngine("local/llama")];
    const bench = new Bench({ providerLimits: { openai: { maxConcurrency: 1 } } });
    for (const name of ["x", "y", "z"]) bench.flock.agent(name).consumes(A).withEngine(openai, local);
    await bench.publish("A", 1);
    await settled();
    openai.call(0).finish();
    await settled();
    expect([openai, local].map(({ calls }) => calls.map((call) => call.agentName))).toEqual([["x", "y"], ["x"]]);
    bench.flock.cancel({ runId: bench.of("agent_activated")[1]?.runId ?? "" });
    await settled();
    expect([openai, local].map(({ calls }) => calls.map((call) => call.agentName))).toEqual([["x", "y", "z"], ["x"]]);
  });
});

describe("a provider that asks to wait", () => {
  test("is left alone by every chain with an engine of it, and by nobody else", async () => {
    const called: string[] = [];
    const engine = (name: string, wait = 0): Engine => ({
      name,
      async evaluate(agent, context) {
        called.push(`${agent.name} ${name}`);
        if (wait > 0) await context.waitForProvider("rate limited", context.clock.now() + wait);
        return { outputs: [], partial: true };
      },
    });
    const bench = new Bench();
    bench.flock.agent("told").consumes(A).withEngine(step, engine("openai/gpt", 3_000)).publishes(A);
    bench.flock.agent("chained").consumes(B).withEngine(engine("local/llama"), engine("openai/mini"));
    bench.flock.agent("other").consumes(C).publishes(C).withEngine(step, engine("anthropic/claude"));
    for (const type of ["A", "B", "C"]) {
      await bench.publish(type, 1);
      await settled();
    }
    await bench.clock.advance(2_999);
    expect(called).toEqual(["told openai/gpt", "chained local/llama", "other anthropic/claude"]);
    await bench.clock.advance(1);
    expect(called.at(-1)).toBe("chained openai/mini");
  });
});
