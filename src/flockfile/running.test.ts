import { expect, test } from "vitest";
import { FakeClock } from "../core/fake-clock.testing.js";
import { type Engine, type FlockEvent, RuntimeMode } from "../core/index.js";
import { type BuildFlockOptions, buildFlock, formatFault, parseFlockFile } from "./index.js";

function build(text: string, options: BuildFlockOptions) {
  const { definition, faults } = parseFlockFile(text);
  if (definition === undefined) throw new Error(faults.map((fault) => formatFault("f", fault)).join("\n"));
  const flock = buildFlock(definition, { mode: RuntimeMode.TEST, ...options });
  const events: FlockEvent[] = [];
  flock.on((event) => events.push(event));
  const runs = () => events.filter((event) => event.type === "agent_activated").length;
  return { flock, events, runs };
}

const silent: Engine = { name: "silent", evaluate: async () => ({ outputs: [] }) };

/** Counts how many of its calls are under way at once, and lets them end on demand. */
function counting() {
  let running = 0;
  let most = 0;
  const engine: Engine = {
    name: "counting",
    evaluate: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { outputs: [] };
    },
  };
  return { engine, most: () => most };
}

const CROWD = `types: { T: text }
agents:
  - { name: a, consumes: [T], model: demo/essay, max_concurrency: 9 }
  - { name: b, consumes: [T], model: openai/gpt-5-mini, max_concurrency: 9 }
`;

async function mostAtOnce(head: string, options: BuildFlockOptions = {}): Promise<number> {
  const { engine, most } = counting();
  const { flock } = build(head + CROWD, { resolveEngine: () => engine, ...options });
  for (let number = 0; number < 6; number++) await flock.publish("T", { text: String(number) });
  await flock.runUntilIdle();
  return most();
}

test.each([
  ["", 12],
  ["max_concurrency: 3\n", 3],
  ["provider_limits: { demo: 2 }\n", 8],
  ["provider_limits: { demo: 2, openai: 3 }\n", 5],
])("%j lets %i calls run at once", async (head, most) => {
  expect(await mostAtOnce(head)).toBe(most);
});

test("limits given from outside stand in for those of the file", async () => {
  expect(await mostAtOnce("max_concurrency: 3\n", { maxConcurrency: 2 })).toBe(2);
  const limits = { demo: { maxConcurrency: 1 } };
  expect(await mostAtOnce("provider_limits: { demo: 2, openai: 3 }\n", { providerLimits: limits })).toBe(4);
});

/** When an agent with this schedule first runs after the start, in milliseconds. */
async function firstRun(schedule: string, start: string): Promise<number> {
  const clock = new FakeClock(Date.parse(start));
  const text = `types: { T: text }\nagents: [{ name: a, schedule: ${schedule} }]\n`;
  const { flock, runs } = build(text, { clock, resolveEngine: () => silent });
  flock.start();
  const minute = 60_000;
  let waited = 0;
  for (; runs() === 0 && waited < 26 * 60 * minute; waited += minute) await clock.advance(minute);
  await flock.shutdown();
  return waited;
}

test.each([
  ["{ every: 7m }", "2026-07-01T00:00:00Z", 7],
  ["{ at: 2026-07-01T00:09:00Z }", "2026-07-01T00:00:00Z", 9],
  ['{ at: "08:05", timezone: UTC }', "2026-07-01T00:00:00Z", 8 * 60 + 5],
  ["{ cron: 5 8 * * *, timezone: Europe/Berlin }", "2026-07-01T00:00:00Z", 6 * 60 + 5],
  ['{ at: "9:30", timezone: Asia/Tokyo }', "2026-07-01T00:00:00Z", 30],
])("schedule %s comes at its time", async (schedule, start, minutes) => {
  expect(await firstRun(schedule, start)).toBe(minutes * 60_000);
});

test("a daily time without a time zone is the machine's", () => {
  const { definition } = parseFlockFile('types: { T: text }\nagents: [{ name: a, schedule: { at: "08:05" } }]\n');
  expect(definition?.agents[0]?.schedule).toEqual({ cron: "5 8 * * *" });
});

test("a batch is taken when its timeout is over", async () => {
  const clock = new FakeClock();
  const text = "types: { T: text }\nagents: [{ name: a, consumes: [{ types: [T], batch: { timeout: 30s } }] }]\n";
  const { flock, events } = build(text, { clock, resolveEngine: () => silent });
  const { correlationId } = await flock.publish("T", { text: "1" });
  await flock.publish("T", { text: "2" }, { correlationId });
  const taken = () =>
    events.flatMap((event) => (event.type === "agent_activated" ? event.consumedArtifacts.length : []));
  await clock.advance(29_999);
  expect(taken()).toEqual([]);
  await clock.advance(1);
  expect(taken()).toEqual([2]);
  await flock.shutdown();
});

test("each part of an output's where and validate judges the outputs of its own type", async () => {
  const scores = { A: [1, 5], B: [5, 1] };
  const file = (rule: string) => `types:
  T: text
  A: { type: object, properties: { score: { type: number } } }
  B: { type: object, properties: { score: { type: number } } }
agents: [{ name: a, consumes: [T], publishes: { types: [A, B], ${rule} } }]
`;
  const made = async (rule: string, [a, b]: readonly number[]) => {
    let attempts = 0;
    const engine: Engine = {
      name: "scores",
      evaluate: async () => {
        attempts++;
        const outputs = [
          { type: "A", payload: { score: a } },
          { type: "B", payload: { score: b } },
        ];
        return { outputs };
      },
    };
    const { flock } = build(file(rule), { resolveEngine: () => engine });
    await flock.publish("T", { text: "t" });
    await flock.runUntilIdle();
    return `${flock.board.list({ producedBy: "a" }).map(({ type }) => type)}/${attempts}`;
  };
  const where = "where: A.score > 3 && B.score > 3";
  expect(await made(where, scores.A)).toBe("B/1");
  expect(await made(where, scores.B)).toBe("A/1");
  const validate = "validate: A.score > 3 && B.score > 3";
  expect(await made(validate, scores.A)).toBe("/3");
  expect(await made(validate, scores.B)).toBe("/3");
  expect(await made(validate, [5, 5])).toBe("A,B/1");
});
