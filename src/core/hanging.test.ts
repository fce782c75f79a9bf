import { describe, expect, test } from "vitest";
import type { AgentComponent, FlockComponent } from "./component.js";
import { settled } from "./fake-clock.testing.js";
import { A, B, Bench, WORKFLOW } from "./flock.testing.js";
import { HOOK_GRACE } from "./grace.js";
import { hooked } from "./hooked.testing.js";

const never = () => new Promise<never>(() => {});
const made = () => ({ n: 1 });
const DEADLINE = 2_000;

/** What may hang, each in a run of one agent that makes a B of an A. */
const hanging: Record<string, (deadline?: number) => Bench> = {
  "a scorer": (deadline) => scene({ score: never, deadline }),
  "artifactPublished of an output": (deadline) => {
    const component: FlockComponent = {
      name: "c",
      artifactPublished: (_, { type }) => (type === "B" ? never() : undefined),
    };
    return scene({ component, deadline });
  },
};
for (const hook of ["initialize", "preConsume", "preEvaluate", "postEvaluate", "postPublish", "terminate"])
  hanging[`the hook ${hook}`] = (deadline) => scene({ hooks: hooked("c", [hook], never), deadline });
hanging["the hook error"] = (deadline) =>
  scene({ hooks: hooked("c", ["error"], never), engine: () => Promise.reject(new Error("broken")), deadline });

interface Scene {
  readonly component?: FlockComponent;
  readonly hooks?: AgentComponent;
  readonly score?: () => Promise<number>;
  readonly engine?: () => unknown;
  readonly deadline?: number | undefined;
}

function scene({ component, hooks, score, engine = made, deadline }: Scene): Bench {
  const bench = new Bench({ ...(component && { components: [component] }) });
  const agent = bench.flock.agent("x").consumes(A).publishes(B).withEngine(engine);
  if (hooks) agent.withComponents(hooks);
  if (score) agent.bestOf(2, score);
  if (deadline !== undefined) agent.deadline(deadline);
  return bench;
}

/** Lets the grace pass and expects that nothing is left. */
async function expectOver(bench: Bench): Promise<void> {
  await settled();
  await bench.clock.advance(HOOK_GRACE);
  expect(bench.flock.workflows.map(({ status }) => status)).not.toContain("running");
  expect(bench.clock.pending).toBe(0);
  const ends = [...bench.of("agent_completed"), ...bench.of("agent_error").filter((event) => !event.willRetry)];
  expect(ends).toHaveLength(1);
}

describe.each(Object.entries(hanging))("%s that hangs", (_name, make) => {
  test("is ended by cancelling the run", async () => {
    const bench = make();
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ runId: bench.of("agent_activated")[0]?.runId ?? "" });
    await expectOver(bench);
  });

  test("is ended by cancelling the workflow", async () => {
    const bench = make();
    await bench.publish("A", 1);
    await settled();
    bench.flock.cancel({ correlationId: WORKFLOW });
    await expectOver(bench);
  });

  test("is ended by the agent's deadline", async () => {
    const bench = make(DEADLINE);
    await bench.publish("A", 1);
    await bench.clock.advance(DEADLINE);
    await expectOver(bench);
  });

  test("is ended by the workflow's deadline", async () => {
    const bench = make();
    await bench.publish("A", 1, {}, { deadline: DEADLINE });
    await bench.clock.advance(DEADLINE);
    await expectOver(bench);
  });
});

describe.each(["artifactPublished", "beforeSchedule", "collectArtifacts", "beforeAgentSchedule"])(
  "the flock's hook %s that hangs",
  (hook) => {
    const make = () => {
      const bench = new Bench({ components: [hooked("c", [hook], never)] });
      bench.agent("x").consumes(A);
      return bench;
    };

    test("is ended by cancelling the workflow, and the publication resolves", async () => {
      const bench = make();
      const published = bench.publish("A", 1);
      await settled();
      bench.flock.cancel({ correlationId: WORKFLOW });
      await published;
      expect(bench.flock.workflows).toMatchObject([{ status: "cancelled" }]);
    });

    test("is ended by the workflow's deadline", async () => {
      const bench = make();
      const published = bench.publish("A", 1, {}, { deadline: DEADLINE });
      await bench.clock.advance(DEADLINE);
      await published;
      expect(bench.flock.workflows).toMatchObject([{ status: "failed" }]);
    });

    test("is ended by the shutdown", async () => {
      const bench = make();
      void bench.publish("A", 1);
      const down = bench.flock.shutdown({ deadline: DEADLINE });
      await bench.clock.advance(DEADLINE + HOOK_GRACE);
      await down;
      expect(bench.flock.workflows).toMatchObject([{ status: "cancelled" }]);
    });
  },
);

test("a shutdown hook that hangs is left behind and told, and the others are called", async () => {
  const called: string[] = [];
  const last: FlockComponent = { name: "last", shutdown: () => called.push("last") };
  const bench = new Bench({ components: [hooked("stuck", ["shutdown"], never), last] });
  const down = bench.flock.shutdown();
  await bench.clock.advance(HOOK_GRACE);
  await down;
  expect(called).toEqual(["last"]);
  expect(bench.of("agent_error")).toMatchObject([
    { error: { code: "component_error", message: "stuck: It did not end within 0.5 s" } },
  ]);
});

test("terminate of every component is called, though one hangs after a cancel", async () => {
  const called: string[] = [];
  const bench = new Bench();
  const last: AgentComponent = { name: "last", terminate: () => called.push("last") };
  bench.flock
    .agent("x")
    .consumes(A)
    .withComponents(hooked("stuck", ["terminate"], never), last)
    .withEngine(never);
  await bench.publish("A", 1);
  await settled();
  bench.flock.cancel({ correlationId: WORKFLOW });
  await expectOver(bench);
  expect(called).toEqual(["last"]);
});
