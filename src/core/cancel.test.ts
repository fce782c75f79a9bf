import { describe, expect, test } from "vitest";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, C, GatedEngine } from "./flock.testing.js";

interface Scene {
  readonly bench: Bench;
  readonly engine: GatedEngine;
}

/** Two agents that stream on A, and one that follows on B. */
async function scene(): Promise<Scene> {
  const engine = new GatedEngine();
  const bench = new Bench();
  for (const name of ["one", "two"]) bench.flock.agent(name).consumes(A).publishes(B).withEngine(engine);
  bench.agent("follower").consumes(B);
  await bench.publish("A", 1);
  await settled();
  engine.call(0).say("so far");
  return { bench, engine };
}

const finished = (bench: Bench) => bench.of("workflow_finished").map((event) => event.status);

describe("cancelling a stream", () => {
  test("ends it as cancelled, keeps its text and leaves its siblings alone", async () => {
    const { bench, engine } = await scene();
    const [first] = bench.of("stream_started");
    expect(bench.flock.cancel({ streamId: first?.streamId ?? "" })).toBe(true);
    await settled();
    expect(bench.of("stream_complete")).toMatchObject([
      { agentName: "one", status: "cancelled", error: { code: "cancelled" } },
    ]);
    expect(bench.texts()).toEqual({ one: "so far", two: "" });
    engine.call(1).finish({ type: "B", payload: { n: 2 } });
    await bench.flock.runUntilIdle();
    expect(bench.runs("follower")).toEqual(["B2"]);
    expect(finished(bench)).toEqual(["completed"]);
  });

  test("tells the end of a run whose only stream it was", async () => {
    const { bench } = await scene();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    await settled();
    expect(bench.of("agent_error")).toMatchObject([
      { agentName: "one", error: { code: "cancelled" }, willRetry: false },
    ]);
    expect(bench.of("agent_completed")).toEqual([]);
  });

  test("leaves the other output groups of its run alone", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("both").consumes(A).publishes(B).publishes(C).withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    engine.call(1).finish({ type: "C", payload: { n: 2 } });
    await bench.flock.runUntilIdle();
    expect(bench.of("stream_complete").map((event) => event.status)).toEqual(["cancelled", "completed"]);
    expect(bench.of("agent_completed")).toHaveLength(1);
    expect(bench.flock.board.count("C")).toBe(1);
  });

  test("leaves the other candidates of a best-of alone", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock
      .agent("best")
      .consumes(A)
      .publishes(B)
      .withEngine(engine)
      .bestOf(2, () => 1);
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    engine.call(1).finish({ type: "B", payload: { n: 7 } });
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.list({ type: "B" })).toHaveLength(1);
  });

  test("aborts the engine's signal at once", async () => {
    const { bench, engine } = await scene();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    expect(engine.call(0).context.signal.aborted).toBe(true);
    expect(engine.call(1).context.signal.aborted).toBe(false);
  });

  test("takes no text that comes after it", async () => {
    const { bench, engine } = await scene();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    await settled();
    engine.call(0).say(" and more");
    expect(bench.texts().one).toBe("so far");
  });

  test("ignores what the engine still returns", async () => {
    const { bench, engine } = await scene();
    bench.flock.cancel({ streamId: bench.of("stream_started")[0]?.streamId ?? "" });
    engine.call(0).finish({ type: "B", payload: { n: 1 } });
    engine.call(1).finish();
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.count("B")).toBe(0);
  });
});

describe("cancelling a run", () => {
  test("ends all of its streams", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("both").consumes(A).publishes(B).publishes(C).withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ runId: bench.of("agent_activated")[0]?.runId ?? "" });
    await bench.flock.runUntilIdle();
    expect(bench.of("stream_complete").map((event) => event.status)).toEqual(["cancelled", "cancelled"]);
    expect(bench.codes()).toEqual(["cancelled"]);
    expect(finished(bench)).toEqual(["completed"]);
  });

  test("whose stream has just ended keeps it from publishing", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: 1 }));
    bench.flock.on((event) => {
      if (event.type === "stream_complete") bench.flock.cancel({ runId: bench.of("agent_activated")[0]?.runId ?? "" });
    });
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.count("B")).toBe(0);
    expect(bench.codes()).toEqual(["cancelled"]);
  });

  test("that waits for its turn keeps it from starting", async () => {
    const engine = new GatedEngine();
    const scheduled: string[] = [];
    const bench = new Bench({
      components: [{ name: "spy", agentScheduled: (_c, _a, _i, runId) => void scheduled.push(runId) }],
    });
    bench.flock.agent("slow").consumes(A).maxConcurrency(1).withEngine(engine);
    await bench.publish("A", 1);
    await bench.publish("A", 2);
    bench.flock.cancel({ runId: scheduled[1] ?? "" });
    await settled();
    engine.call(0).finish();
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1"]);
  });
});

describe("cancelling a workflow", () => {
  test("ends everything of it and nothing else", async () => {
    const { bench, engine } = await scene();
    await bench.publish("A", 2, {}, { correlationId: "other" });
    await settled();
    bench.flock.cancel({ correlationId: "w" });
    await settled();
    expect(finished(bench)).toEqual(["cancelled"]);
    expect(engine.calls.map((call) => call.context.signal.aborted)).toEqual([true, true, false, false]);
    engine.call(2).finish();
    engine.call(3).finish();
    await bench.flock.runUntilIdle();
    expect(finished(bench)).toEqual(["cancelled", "completed"]);
  });

  test("keeps what a slow component still ponders from starting", async () => {
    const bench = new Bench({ components: [{ name: "slow", beforeSchedule: async () => "continue" as const }] });
    bench.agent().consumes(A);
    const published = bench.publish("A", 1);
    bench.flock.cancel({ correlationId: "w" });
    await published;
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual([]);
    expect(finished(bench)).toEqual(["cancelled"]);
  });

  test("drops the runs that wait", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("slow").consumes(A).maxConcurrency(1).withEngine(engine);
    for (const n of [1, 2, 3]) await bench.publish("A", n);
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    expect(bench.runs()).toEqual(["A1"]);
    expect(finished(bench)).toEqual(["cancelled"]);
  });

  test("forgets what its gates have gathered", async () => {
    const bench = new Bench();
    const engine = new GatedEngine();
    bench.agent("gate").consumes(A, B);
    bench.flock.agent("slow").consumes(A).withEngine(engine);
    await bench.publish("A", 1);
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    await bench.publish("B", 2);
    await bench.flock.runUntilIdle();
    expect(bench.runs("gate")).toEqual([]);
  });

  test("forgets also what its gates gathered before it was taken up again", async () => {
    const bench = new Bench();
    bench.agent("gate").consumes(A, B);
    bench.flock.agent("slow").consumes(C).withEngine(new GatedEngine());
    await bench.publish("A", 1);
    await bench.publish("C", 2);
    bench.flock.cancel({ correlationId: "w" });
    await bench.flock.runUntilIdle();
    await bench.publish("B", 3);
    await bench.flock.runUntilIdle();
    expect(bench.runs("gate")).toEqual([]);
  });

  test("takes nothing new into it until it is over", async () => {
    const { bench } = await scene();
    bench.flock.cancel({ correlationId: "w" });
    await expect(bench.publish("A", 2)).rejects.toMatchObject({ code: "conflict" });
    await bench.flock.runUntilIdle();
    await bench.publish("C", 3);
    expect(finished(bench)).toEqual(["cancelled", "completed"]);
  });
});

describe("what cannot be cancelled", () => {
  test.each([{ streamId: "?" }, { runId: "?" }, { correlationId: "?" }])("%o is not found", (target) => {
    expect(() => new Bench().flock.cancel(target)).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("is over already: a stream, a run, a workflow", async () => {
    const { bench, engine } = await scene();
    await engine.finishAll();
    await bench.flock.runUntilIdle();
    const streamId = bench.of("stream_started")[0]?.streamId ?? "";
    const runId = bench.of("agent_activated")[0]?.runId ?? "";
    for (const target of [{ streamId }, { runId }, { correlationId: "w" }])
      expect(() => bench.flock.cancel(target)).toThrow(expect.objectContaining({ code: "conflict" }));
  });

  test.each([{}, { runId: "a", streamId: "b" }])("%o names not exactly one", (target) => {
    expect(() => new Bench().flock.cancel(target)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

describe("a deadline", () => {
  test("of an agent fails a run that takes longer", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("slow").consumes(A).deadline(1_000).withEngine(engine);
    await bench.publish("A", 1);
    await bench.clock.advance(999);
    expect(bench.codes()).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.of("stream_complete")).toMatchObject([{ status: "failed", error: { code: "timeout" } }]);
    expect(bench.codes()).toEqual(["timeout"]);
    expect(finished(bench)).toEqual(["failed"]);
  });

  test("of an agent does not touch a run that is in time", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("quick").consumes(A).deadline(1_000).withEngine(engine);
    await bench.publish("A", 1);
    await bench.clock.advance(999);
    await engine.finishAll();
    expect(finished(bench)).toEqual(["completed"]);
    expect(bench.clock.pending).toBe(0);
  });

  test("of a publication fails the whole workflow", async () => {
    const engine = new GatedEngine();
    const bench = new Bench();
    bench.flock.agent("slow").consumes(A).withEngine(engine);
    await bench.publish("A", 1, {}, { deadline: 2_000 });
    await bench.clock.advance(2_000);
    expect(finished(bench)).toEqual(["failed"]);
    expect(bench.codes()).toEqual(["timeout"]);
  });

  test("of a publication is gone with its workflow", async () => {
    const bench = new Bench();
    bench.agent().consumes(A);
    await bench.publish("A", 1, {}, { deadline: 2_000 });
    await bench.flock.runUntilIdle();
    expect(bench.clock.pending).toBe(0);
  });
});
