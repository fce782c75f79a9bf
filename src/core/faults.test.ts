import { describe, expect, test, vi } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import { FlockError } from "./errors.js";
import { A, B, Bench, numberIn } from "./flock.testing.js";

interface FaultCase {
  readonly name: string;
  /** Makes the agent faulty. */
  readonly make: (agent: AgentBuilder) => unknown;
  readonly code: string;
  /** How the workflow ends. */
  readonly status: "completed" | "failed";
  readonly options?: ConstructorParameters<typeof Bench>[0];
}

function broken(): never {
  throw new Error("broken");
}
const two = () => ({ type: "B", payload: { n: 2 } });

const cases: FaultCase[] = [
  {
    name: "an engine that throws",
    make: (a) => a.consumes(A).withEngine(broken),
    code: "engine_error",
    status: "failed",
  },
  {
    name: "an engine that throws an error with a code",
    make: (a) =>
      a.consumes(A).withEngine(() => {
        throw new FlockError("content_filter", "filtered");
      }),
    code: "content_filter",
    status: "failed",
  },
  {
    name: "an engine that rejects with no error at all",
    make: (a) => a.consumes(A).withEngine(() => Promise.reject("just words")),
    code: "engine_error",
    status: "failed",
  },
  {
    name: "a predicate",
    make: (a) => a.consumes(A, { where: broken }).withEngine(() => 0),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "a whole-match predicate",
    make: (a) => a.consumes(A, { whereAll: broken }).withEngine(() => 0),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "an asynchronous predicate",
    make: (a) => a.consumes(A, { where: (async () => broken()) as unknown as () => boolean }).withEngine(() => 0),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "a join key",
    make: (a) => a.consumes(A, { join: { by: broken, within: { ms: 1 } } }).withEngine(() => 0),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "a where of publishes",
    make: (a) => a.consumes(A).publishes(B, { where: broken }).withEngine(two),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "an asynchronous where of publishes",
    make: (a) =>
      a
        .consumes(A)
        .publishes(B, { where: (async () => false) as unknown as () => boolean })
        .withEngine(two),
    code: "predicate_error",
    status: "completed",
  },
  {
    name: "a validator",
    make: (a) => a.consumes(A).publishes(B, { validate: broken }).withEngine(two),
    code: "output_rejected",
    status: "failed",
  },
  {
    name: "a scorer",
    make: (a) => a.consumes(A).publishes(B).withEngine(two).bestOf(2, broken),
    code: "component_error",
    status: "completed",
  },
  {
    name: "a hook",
    make: (a) =>
      a
        .consumes(A)
        .withEngine(() => undefined)
        .withComponents({ name: "c", preEvaluate: broken }),
    code: "component_error",
    status: "completed",
  },
  {
    name: "an unknown model",
    make: (a) => a.consumes(A).model("nobody/nothing"),
    code: "unknown_model",
    status: "failed",
  },
  {
    name: "a missing key",
    make: (a) => a.consumes(A).model("openai/gpt"),
    code: "missing_key",
    status: "failed",
    options: {
      resolveEngine: () => {
        throw new FlockError("missing_key", "OPENAI_API_KEY is not set");
      },
    },
  },
  {
    name: "a resolver that breaks",
    make: (a) => a.consumes(A).model("openai/gpt"),
    code: "engine_error",
    status: "failed",
    options: { resolveEngine: broken },
  },
  { name: "no engine and no model", make: (a) => a.consumes(A), code: "unknown_model", status: "failed" },
];

describe("a fault is data", () => {
  test.each(cases)("$name is told as $code, stops nobody else, and the workflow ends $status", async (fault) => {
    const bench = new Bench(fault.options);
    fault.make(bench.flock.agent("faulty"));
    bench.flock
      .agent("sound")
      .consumes(A)
      .publishes("Text")
      .withEngine(() => "fine");
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.of("agent_error").at(-1)).toMatchObject({ agentName: "faulty", error: { code: fault.code } });
    expect(bench.told("agent_completed")).toContain("agent_completed sound");
    expect(bench.of("workflow_finished").map((event) => event.status)).toEqual([fault.status]);
    for (const event of bench.of("stream_started"))
      expect(bench.of("stream_complete").filter((end) => end.streamId === event.streamId)).toHaveLength(1);
  });

  test("a predicate that keeps throwing is told once", async () => {
    const bench = new Bench();
    bench.agent().consumes(A, { where: broken });
    for (const n of [1, 2, 3]) await bench.publish("A", n);
    expect(bench.codes()).toEqual(["predicate_error"]);
  });

  test("a stream that failed keeps its text and its usage", async () => {
    const bench = new Bench();
    bench.flock
      .agent("x")
      .consumes(A)
      .withEngine(({ context }) => {
        context.stream.append("half a sen");
        throw new FlockError("no_finish", "The stream ended without a finish");
      });
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.texts()).toEqual({ x: "half a sen" });
    expect(bench.told().slice(2)).toEqual([
      "agent_activated x",
      "stream_started x",
      "stream_text",
      "stream_complete x",
      "agent_error x",
      "workflow_finished",
    ]);
  });

  test("a resolve fault is tried again by the next run", async () => {
    let keyed = false;
    const bench = new Bench({
      model: "openai/gpt",
      resolveEngine: () => {
        if (!keyed) throw new FlockError("missing_key", "OPENAI_API_KEY is not set");
        return { name: "openai", evaluate: async () => ({ outputs: [] }) };
      },
    });
    bench.flock.agent("x").consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    keyed = true;
    await bench.publish("A", 2);
    await bench.flock.runUntilIdle();
    expect(bench.of("workflow_finished").map((event) => event.status)).toEqual(["failed", "completed"]);
  });

  test("a scorer that throws for one candidate puts it last", async () => {
    const bench = new Bench();
    let made = 0;
    bench.flock
      .agent("x")
      .consumes(A)
      .publishes(B)
      .withEngine(() => ({ n: ++made }))
      .bestOf(3, ({ outputs }) => {
        const n = numberIn(outputs[0]);
        return n === 1 ? broken() : -n;
      });
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(bench.flock.board.list({ type: "B" })[0]?.payload).toEqual({ n: 2 });
  });

  test("a listener that throws harms neither the flock nor other listeners", async () => {
    const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
    const bench = new Bench();
    bench.flock.on(broken);
    const later: string[] = [];
    bench.flock.on((event) => later.push(event.type));
    bench.agent().consumes(A);
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(later.at(-1)).toBe("workflow_finished");
    expect(complaint).toHaveBeenCalled();
    complaint.mockRestore();
  });

  test("events that a listener causes are told after the one it heard, to all alike", async () => {
    const bench = new Bench();
    const late: string[] = [];
    bench.flock.on((event) => {
      if (event.type === "workflow_started" && event.correlationId === "w")
        void bench.publish("B", 2, {}, { correlationId: "v" });
    });
    bench.flock.on((event) => late.push(event.type));
    await bench.publish("A", 1);
    expect(late).toEqual(bench.events.map((event) => event.type));
    expect(late.slice(0, 2)).toEqual(["workflow_started", "workflow_started"]);
  });
});
