import { describe, expect, test } from "vitest";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, GatedEngine } from "./flock.testing.js";
import type { FlockOptions } from "./flock-options.js";

/** So many agents that stream on the same artifact. */
async function streaming(count: number, options: FlockOptions): Promise<{ bench: Bench; engine: GatedEngine }> {
  const engine = new GatedEngine();
  const bench = new Bench(options);
  for (let i = 1; i <= count; i++) bench.flock.agent(`a${i}`).consumes(A).withEngine(engine);
  await bench.publish("A", 1);
  await settled();
  return { bench, engine };
}

const streams = (bench: Bench) => bench.told("stream_started", "stream_text", "stream_complete");

describe.each(["dashboard", "api", "test"] as const)("in %s mode", (mode) => {
  test("all streams are live at once", async () => {
    const { bench, engine } = await streaming(20, { mode });
    expect(bench.flock.activeStreams).toBe(20);
    for (const call of engine.calls) call.say("x");
    expect(bench.of("stream_text")).toHaveLength(20);
    await engine.finishAll();
    expect(bench.flock.activeStreams).toBe(0);
  });
});

test("without a console a cli flock streams in parallel as well", async () => {
  const { bench } = await streaming(5, { mode: "cli", console: false });
  expect(bench.flock.activeStreams).toBe(5);
});

describe("on a terminal", () => {
  test("one stream is live, and all agents run", async () => {
    const { bench, engine } = await streaming(3, { mode: "cli" });
    expect(bench.flock.activeStreams).toBe(1);
    expect(engine.calls).toHaveLength(3);
    expect(bench.of("agent_activated")).toHaveLength(3);
    expect(streams(bench)).toEqual(["stream_started a1"]);
  });

  test("the text of the others is kept back", async () => {
    const { bench, engine } = await streaming(2, { mode: "cli" });
    engine.call(1).say("later");
    engine.call(0).say("now");
    expect(bench.texts()).toEqual({ a1: "now" });
  });

  test("the oldest that runs takes over with its text so far", async () => {
    const { bench, engine } = await streaming(3, { mode: "cli" });
    engine.call(1).say("caught ");
    engine.call(1).say("up");
    engine.call(0).finish();
    await settled();
    expect(bench.flock.activeStreams).toBe(1);
    expect(bench.texts()).toEqual({ a1: "", a2: "caught up" });
    engine.call(1).say(", live");
    expect(bench.texts().a2).toBe("caught up, live");
    expect(bench.of("stream_text")).toHaveLength(2);
  });

  test("one that ended meanwhile is told in one go after the live one", async () => {
    const { bench, engine } = await streaming(3, { mode: "cli" });
    engine.call(2).say("third");
    engine.call(2).finish();
    await settled();
    expect(streams(bench)).toEqual(["stream_started a1"]);
    expect(bench.told("agent_completed")).toEqual(["agent_completed a3"]);
    engine.call(0).finish();
    await settled();
    expect(bench.events.slice(-7).map((event) => event.type)).toEqual([
      "agent_completed",
      "stream_complete",
      "stream_started",
      "stream_text",
      "stream_complete",
      "stream_started",
      "agent_completed",
    ]);
    expect(streams(bench).slice(1)).toEqual([
      "stream_complete a1",
      "stream_started a3",
      "stream_text",
      "stream_complete a3",
      "stream_started a2",
    ]);
  });

  test("nothing interleaves, whatever the order in which streams write and end", async () => {
    const { bench, engine } = await streaming(6, { mode: "cli" });
    for (let round = 0; round < 5; round++)
      for (const [index, call] of engine.calls.entries()) call.say(`${index}${round} `);
    for (const index of [4, 1, 0, 5, 3, 2]) {
      engine.call(index).finish();
      await settled();
    }
    let open = 0;
    for (const event of bench.events) {
      if (event.type === "stream_started") open++;
      expect(open).toBeLessThanOrEqual(1);
      if (event.type === "stream_complete") open--;
    }
    expect(Object.keys(bench.texts())).toHaveLength(6);
    for (const [agent, text] of Object.entries(bench.texts())) {
      const index = Number(agent.slice(1)) - 1;
      expect(text).toBe([0, 1, 2, 3, 4].map((round) => `${index}${round} `).join(""));
    }
  });

  test("those that ended meanwhile are told in the order in which they ended", async () => {
    const { bench, engine } = await streaming(4, { mode: "cli" });
    for (const index of [3, 1, 2, 0]) {
      engine.call(index).finish();
      await settled();
    }
    expect(bench.told("stream_complete").map((line) => line.slice(-2))).toEqual(["a1", "a4", "a2", "a3"]);
  });

  test("a buffered stream that fails is told whole as well", async () => {
    const { bench, engine } = await streaming(2, { mode: "cli" });
    engine.call(1).say("half");
    engine.call(1).fail(new Error("broken"));
    await settled();
    engine.call(0).finish();
    await bench.flock.runUntilIdle();
    expect(bench.texts().a2).toBe("half");
    expect(bench.of("stream_complete")[1]).toMatchObject({ agentName: "a2", status: "failed" });
  });

  test("cancelling a buffered stream keeps its text", async () => {
    const { bench, engine } = await streaming(2, { mode: "cli" });
    engine.call(1).say("half");
    bench.flock.cancel({ runId: bench.of("agent_activated")[1]?.runId ?? "" });
    engine.call(0).finish();
    await bench.flock.runUntilIdle();
    expect(bench.texts().a2).toBe("half");
    expect(bench.of("stream_complete")[1]?.status).toBe("cancelled");
  });

  test("the start time of a buffered stream is when it began, and so is its duration", async () => {
    const { bench, engine } = await streaming(2, { mode: "cli" });
    const began = bench.clock.now();
    await bench.clock.advance(5_000);
    engine.call(1).finish();
    await bench.clock.advance(5_000);
    engine.call(0).finish();
    await bench.flock.runUntilIdle();
    expect(bench.of("stream_started")[1]).toMatchObject({ agentName: "a2", startedAt: began });
    expect(bench.of("stream_complete")[1]).toMatchObject({ agentName: "a2", duration: 5 });
  });

  test("the results of buffered runs go on at once", async () => {
    const engine = new GatedEngine();
    const bench = new Bench({ mode: "cli" });
    for (const name of ["a1", "a2"]) bench.flock.agent(name).consumes(A).publishes(B).withEngine(engine);
    bench.agent("next").consumes(B);
    await bench.publish("A", 1);
    await settled();
    engine.call(1).finish({ type: "B", payload: { n: 2 } });
    await settled();
    expect(bench.runs("next")).toEqual(["B2"]);
  });
});

describe("stream text", () => {
  test("is told as it was appended, also within a surrogate pair", async () => {
    const { bench, engine } = await streaming(1, { mode: "test" });
    engine.call(0).say("\ud83d");
    engine.call(0).say("\ude00");
    expect(bench.of("stream_text").map((event) => event.text)).toEqual(["\ud83d", "\ude00"]);
    expect(engine.call(0).context.stream.length).toBe(2);
  });

  test("is not told when it is empty", async () => {
    const { bench, engine } = await streaming(1, { mode: "test" });
    engine.call(0).say("");
    expect(bench.of("stream_text")).toEqual([]);
  });

  test("comes between its start and its end, and after that never", async () => {
    const { bench, engine } = await streaming(1, { mode: "test" });
    engine.call(0).say("a");
    engine.call(0).finish();
    await settled();
    engine.call(0).say("b");
    expect(streams(bench)).toEqual(["stream_started a1", "stream_text", "stream_complete a1"]);
  });
});
