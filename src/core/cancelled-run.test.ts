import { describe, expect, test } from "vitest";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, C, GatedEngine, WORKFLOW } from "./flock.testing.js";

const DEADLINE = 1_000;

/** A run with two output groups of which one is done; the other still streams. */
async function halfDone(init: { deadline?: number; error?: Error } = {}) {
  const bench = new Bench();
  const agent = bench.flock.agent("both").consumes(A).publishes(B).publishes(C);
  agent.deadline(DEADLINE).withEngine(({ inputs }) => {
    if (inputs.output.types[0]?.name === "C") return new Promise(() => {});
    if (init.error) throw init.error;
    return { n: 2 };
  });
  const result = bench.flock.invoke("both", [{ type: "A", payload: { n: 1 } }], { correlationId: WORKFLOW });
  await settled();
  expect(bench.flock.board.count("B")).toBe(init.error ? 0 : 1);
  const runId = bench.of("agent_activated")[0]?.runId ?? "";
  return { bench, result, runId };
}

type HalfDone = Awaited<ReturnType<typeof halfDone>>;

interface EndCase {
  readonly name: string;
  readonly end: (scene: HalfDone) => unknown;
  readonly code: string;
  readonly run: string;
  readonly workflow: string;
}

describe("a run of which one output is done", () => {
  test.each<EndCase>([
    {
      name: "cancelled as a run",
      end: ({ bench, runId }) => bench.flock.cancel({ runId }),
      code: "cancelled",
      run: "cancelled",
      workflow: "completed",
    },
    {
      name: "cancelled with its workflow",
      end: ({ bench }) => bench.flock.cancel({ correlationId: WORKFLOW }),
      code: "cancelled",
      run: "cancelled",
      workflow: "cancelled",
    },
    {
      name: "at its deadline",
      end: ({ bench }) => bench.clock.advance(DEADLINE),
      code: "timeout",
      run: "failed",
      workflow: "failed",
    },
    {
      name: "at the end of a shutdown",
      end: async ({ bench }) => {
        const down = bench.flock.shutdown({ deadline: 10 });
        await bench.clock.advance(10);
        await down;
      },
      code: "shutting_down",
      run: "cancelled",
      workflow: "cancelled",
    },
  ])("$name, ends so, and tells what it made", async ({ end, code, run, workflow }) => {
    const scene = await halfDone();
    await end(scene);
    const { status, error, artifacts } = await scene.result;
    await scene.bench.flock.runUntilIdle();
    expect([status, error?.code]).toEqual([run, code]);
    expect(artifacts.map(({ type }) => type)).toEqual(["B"]);
    expect(scene.bench.of("agent_completed")).toEqual([]);
    expect(scene.bench.of("agent_error")).toMatchObject([{ error: { code }, willRetry: false }]);
    expect(scene.bench.of("workflow_finished")).toMatchObject([{ status: workflow }]);
  });

  test("cancelled after another output failed, ends cancelled and has told the fault", async () => {
    const { bench, result, runId } = await halfDone({ error: new Error("broken") });
    bench.flock.cancel({ runId });
    expect(await result).toMatchObject({ status: "cancelled" });
    expect(bench.of("agent_error")).toMatchObject([
      { error: { code: "engine_error" }, willRetry: true },
      { error: { code: "cancelled" }, willRetry: false },
    ]);
  });
});

test("a run that is cancelled in its terminate hook ends cancelled", async () => {
  const bench = new Bench();
  bench.flock
    .agent("x")
    .publishes(B)
    .withComponents({ name: "c", terminate: (_agent, context) => void bench.flock.cancel({ runId: context.runId }) })
    .withEngine(() => ({ n: 1 }));
  expect(await bench.flock.invoke("x")).toMatchObject({ status: "cancelled", error: { code: "cancelled" } });
});

test("cancelling ends the engine's request before anything else happens: its signal aborts within the call", async () => {
  const engine = new GatedEngine();
  const bench = new Bench();
  bench.flock.agent("x").consumes(A).publishes(B).withEngine(engine);
  for (const target of ["streamId", "runId", "correlationId"] as const) {
    await bench.publish("A", 1);
    await settled();
    const call = engine.call(engine.calls.length - 1);
    const order: string[] = [];
    call.context.signal.addEventListener("abort", () => order.push("request closed"));
    const off = bench.flock.on((event) => order.push(event.type));
    const id = { streamId: call.context.stream.id, runId: call.context.runId, correlationId: WORKFLOW }[target];
    const before = bench.clock.now();
    bench.flock.cancel({ [target]: id });
    order.push("cancel returned");
    await bench.flock.runUntilIdle();
    off();
    expect(order.slice(0, 3)).toEqual(["request closed", "cancel returned", "stream_complete"]);
    expect(bench.clock.now()).toBe(before);
  }
});
