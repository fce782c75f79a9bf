import { describe, expect, test } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, C, GatedEngine, Text } from "./flock.testing.js";

const finished = (bench: Bench) => bench.of("workflow_finished").map((event) => event.status);

describe("a workflow", () => {
  test("starts with the artifact that was published and ends when nothing of it is left", async () => {
    const bench = new Bench();
    bench.flock
      .agent("maker")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: 2 }));
    bench.agent("next").consumes(B);
    await bench.publish("A", 1);
    expect(finished(bench)).toEqual([]);
    await bench.flock.runUntilIdle();
    expect(bench.told("workflow_started", "workflow_finished", "agent_completed")).toEqual([
      "workflow_started",
      "agent_completed maker",
      "agent_completed next",
      "workflow_finished",
    ]);
  });

  test("that nobody listens to is over at once", async () => {
    const bench = new Bench();
    await bench.publish("A", 1);
    expect(bench.told()).toEqual(["workflow_started", "artifact_published", "workflow_finished"]);
  });

  test("lasts in seconds, from its first artifact to its last run", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    await bench.clock.advance(2_500);
    await engine.finishAll();
    expect(bench.of("workflow_finished")[0]?.duration).toBe(2.5);
  });

  test("has a correlation id of its own unless one is given", async () => {
    const bench = new Bench();
    const one = await bench.flock.publish(A, { n: 1 });
    const two = await bench.flock.publish(A, { n: 2 });
    const three = await bench.flock.publish(A, { n: 3 }, { correlationId: one.correlationId });
    expect(one.correlationId).not.toBe(two.correlationId);
    expect(three.correlationId).toBe(one.correlationId);
  });

  test("fails when any run of it failed, and the others go on", async () => {
    const bench = new Bench();
    bench.flock
      .agent("bad")
      .consumes(A)
      .withEngine(() => {
        throw new Error("bad");
      });
    bench.agent("good").consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(finished(bench)).toEqual(["failed"]);
    expect(bench.told("agent_completed")).toEqual(["agent_completed good"]);
  });

  test("does not fail with another one", async () => {
    const bench = new Bench();
    bench.flock
      .agent("picky")
      .consumes(A)
      .withEngine(({ artifacts }) => {
        if (artifacts[0]?.correlationId === "w") throw new Error("w");
      });
    await bench.publish("A", 1);
    await bench.publish("A", 2, {}, { correlationId: "v" });
    await bench.flock.runUntilIdle();
    expect(bench.of("workflow_finished").map((event) => [event.correlationId, event.status])).toEqual([
      ["w", "failed"],
      ["v", "completed"],
    ]);
  });

  test("is listed with its state", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).withEngine(engine);
    await bench.publish("B", 1, {}, { correlationId: "done" });
    await bench.publish("A", 2);
    const startedAt = bench.clock.now();
    expect(bench.flock.workflows).toEqual([
      { correlationId: "done", status: "completed", startedAt, duration: 0 },
      { correlationId: "w", status: "running", startedAt, duration: undefined },
    ]);
  });

  test("counts runs that wait for their turn as part of it", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).maxConcurrency(1).withEngine(engine);
    await bench.publish("A", 1);
    await bench.publish("A", 2);
    await settled();
    engine.call(0).finish();
    await settled();
    expect(finished(bench)).toEqual([]);
    engine.call(1).finish();
    await settled();
    expect(finished(bench)).toEqual(["completed"]);
  });

  test("takes several artifacts published together, all or none", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, B);
    const entries = [
      { type: "A", payload: { n: 1 } },
      { type: B, payload: { n: 2 } },
    ];
    await bench.flock.publishAll(entries, { correlationId: "w" });
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1 B2"]);
    expect(bench.told("workflow_started", "workflow_finished")).toEqual(["workflow_started", "workflow_finished"]);
    await expect(bench.flock.publishAll([...entries, { type: "A", payload: {} }])).rejects.toMatchObject({
      code: "invalid_payload",
    });
    expect(bench.flock.board.size).toBe(2);
  });
});

describe("runUntilIdle", () => {
  test("resolves at once when there is nothing", async () => {
    await new Bench().flock.runUntilIdle();
  });

  test("waits for all workflows", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    await bench.publish("A", 2, {}, { correlationId: "v" });
    let idle = false;
    void bench.flock.runUntilIdle().then(() => {
      idle = true;
    });
    await settled();
    engine.call(0).finish();
    await settled();
    expect(idle).toBe(false);
    engine.call(1).finish();
    await settled();
    expect(idle).toBe(true);
  });

  test("does not wait for gates that will not fill", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, B, C);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(finished(bench)).toEqual(["completed"]);
  });
});

describe("shutdown", () => {
  test("lets runs end, takes nothing new, and is done once", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).publishes(B).withEngine(engine);
    bench.agent("next").consumes(B);
    await bench.publish("A", 1);
    await settled();
    const over = bench.flock.shutdown({ deadline: 1_000 });
    expect(bench.flock.shutdown()).toBe(over);
    await expect(bench.publish("A", 2)).rejects.toMatchObject({ code: "shutting_down" });
    await expect(bench.flock.invoke("x")).rejects.toMatchObject({ code: "shutting_down" });
    engine.call(0).finish({ type: "B", payload: { n: 3 } });
    await over;
    expect(bench.runs("next")).toEqual(["B3"]);
    expect(finished(bench)).toEqual(["completed"]);
    expect(bench.clock.pending).toBe(0);
  });

  test("stops what is left when its deadline has come", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.flock.agent("x").consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    engine.call(0).say("half");
    const over = bench.flock.shutdown({ deadline: 1_000 });
    await bench.clock.advance(1_000);
    await over;
    expect(bench.of("stream_complete")).toMatchObject([{ status: "cancelled", error: { code: "shutting_down" } }]);
    expect(bench.texts()).toEqual({ x: "half" });
    expect(finished(bench)).toEqual(["cancelled"]);
  });

  test("ends although a hook does not", async () => {
    const bench = new Bench();
    const stuck = { name: "stuck", terminate: () => new Promise(() => {}) };
    bench.agent().consumes(A).withComponents(stuck);
    await bench.publish("A", 1);
    const over = bench.flock.shutdown({ deadline: 1_000 });
    await bench.clock.advance(1_500);
    await over;
    expect(bench.clock.pending).toBe(0);
  });

  test("flushes partial batches first", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, { batch: { size: 10 } });
    await bench.publish("A", 1);
    await bench.flock.shutdown();
    expect(bench.runs()).toEqual(["A1"]);
  });
});

describe("after a thousand other workflows", () => {
  async function crowd(bench: Bench): Promise<void> {
    for (let n = 0; n <= 1_000; n++) await bench.publish("C", n, {}, { correlationId: `other${n}` });
    expect(bench.flock.workflows.map(({ correlationId }) => correlationId)).not.toContain("w");
  }

  test.each<[string, (agent: AgentBuilder) => unknown]>([
    ["an AND gate", (agent) => agent.consumes(A, B)],
    ["a join", (agent) => agent.consumes(A, B, { join: { by: () => 1, within: { ms: 1_000 } } })],
  ])("%s that is half filled still waits for the rest", async (_name, make) => {
    const bench = new Bench();
    make(bench.agent("gate"));
    await bench.publish("A", 1);
    await crowd(bench);
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    expect(bench.runs("gate")).toEqual(["A1 B2"]);
  });

  test("a gate is emptied by cancelling the workflow that goes on", async () => {
    const bench = new Bench();
    bench.agent("gate").consumes(A, B);
    bench.flock
      .agent("slow")
      .consumes(Text)
      .withEngine(() => new Promise(() => {}));
    await bench.publish("A", 1);
    await crowd(bench);
    await bench.flock.publish(Text, { text: "" }, { correlationId: "w" });
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    expect(bench.runs("gate")).toEqual([]);
  });
});
