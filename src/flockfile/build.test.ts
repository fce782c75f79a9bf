import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Artifact, type Engine, type Flock, type FlockEvent, RuntimeMode, visibility } from "../core/index.js";
import { buildFlock, formatFault, parseFlockFile } from "./index.js";

/** Answers at once: text for text types, `value` for others. */
function instant(value: (agent: string, call: number) => unknown = () => ({})): Engine {
  let call = 0;
  return {
    name: "instant",
    evaluate: async (agent, context, inputs) => {
      context.stream.append(agent.name);
      const made = value(agent.name, ++call);
      const outputs = inputs.output.types.flatMap((type) =>
        Array.from({ length: inputs.output.fanOut }, () => ({
          type: type.name,
          payload: type.isText ? { text: agent.name } : made,
        })),
      );
      return { outputs };
    },
  };
}

function build(text: string, engine = instant()): { flock: Flock; events: FlockEvent[] } {
  const { definition, faults } = parseFlockFile(text);
  if (definition === undefined) throw new Error(faults.map((fault) => formatFault("f", fault)).join("\n"));
  const flock = buildFlock(definition, { mode: RuntimeMode.TEST, resolveEngine: () => engine });
  const events: FlockEvent[] = [];
  flock.on((event) => events.push(event));
  return { flock, events };
}

const TYPES = `
types:
  Draft: { type: object, properties: { id: { type: string }, score: { type: number } } }
  Review: { type: object, properties: { draft_id: { type: string }, score: { type: number } } }
  Article: text
`;

/** An agent \`a\` that consumes as told; returns how many artifacts it took in each of its runs. */
async function runs(consumes: string, publish: readonly (readonly [string, unknown, string[]?])[]): Promise<string[]> {
  const { flock, events } = build(`${TYPES}\nagents:\n  - { name: a, consumes: ${consumes}, publishes: [Article] }\n`);
  let correlationId: string | undefined;
  for (const [type, payload, tags] of publish) {
    const made: Artifact = await flock.publish(type, payload, {
      ...(correlationId !== undefined && { correlationId }),
      ...(tags && { tags }),
    });
    correlationId ??= made.correlationId;
  }
  await flock.runUntilIdle();
  await flock.shutdown();
  return events.flatMap((event) => (event.type === "agent_activated" ? event.consumedTypes.join("+") : []));
}

const draft = (score: number, id = "1") => ["Draft", { id, score }] as const;
const review = (score: number, draft_id = "1") => ["Review", { draft_id, score }] as const;

describe("consumes", () => {
  test.each([
    ["a list of types waits for all", "[Draft, Review]", [draft(1)], 0],
    ["a list of types fires when all are there", "[Draft, Review]", [review(1), draft(1)], 1],
    ["items of the long form are alternatives", "[{ types: [Draft] }, { types: [Review] }]", [draft(1), review(1)], 2],
    ["a word among long forms is one of them", "[Draft, { types: [Review] }]", [draft(1), review(1)], 2],
    ["a repeated type counts", "[Draft, Draft, Draft]", [draft(1), draft(2), draft(3)], 1],
    ["where keeps others out", "[{ types: [Draft], where: Draft.score > 3 }]", [draft(3), draft(4)], 1],
    [
      "where mixes whole and broken numbers",
      "[{ types: [Draft], where: Draft.score * 2 + 0.5 > 3 }]",
      [draft(1), draft(2)],
      1,
    ],
    ["where names a type of CEL's own", "[{ types: [Draft], where: type(Draft.score) == string }]", [draft(1)], 0],
    ["where that fails is no match", "[{ types: [Draft], where: Draft.nope.more }]", [draft(1)], 0],
    [
      "where over two types in parts",
      "[{ types: [Draft, Review], where: Draft.score > 1 && Review.score > 1 }]",
      [draft(1), review(5), draft(2)],
      1,
    ],
    [
      "where over two types together",
      "[{ types: [Draft, Review], where: Review.score > Draft.score }]",
      [draft(2), review(1)],
      0,
    ],
    [
      "where over two types together holds",
      "[{ types: [Draft, Review], where: Review.score > Draft.score }]",
      [draft(2), review(3)],
      1,
    ],
    [
      "where over two types, as more comes",
      "[{ types: [Draft, Review], where: Review.score > Draft.score }]",
      [draft(2), review(1), review(3)],
      1,
    ],
    [
      "tags",
      "[{ types: [Draft], tags: [urgent] }]",
      [
        ["Draft", { score: 1 }, ["urgent"]],
        ["Draft", { score: 2 }, ["late"]],
      ],
      1,
    ],
    ["from_agents", "[{ types: [Draft], from_agents: [external] }]", [draft(1)], 1],
    ["from_agents of another", "[{ types: [Draft], from_agents: [a] }]", [draft(1)], 0],
    [
      "a join by the same field",
      "[{ types: [Draft, Draft], join: { by: Draft.id, within: 1h } }]",
      [draft(1, "x"), draft(2, "y"), draft(3, "x")],
      1,
    ],
    [
      "a join by a field of each type",
      "[{ types: [Draft, Review], join: { by: { Draft: Draft.id, Review: Review.draft_id }, within: 1h } }]",
      [draft(1, "x"), review(1, "y"), review(1, "x"), draft(1, "z")],
      1,
    ],
    [
      "a join within a count",
      "[{ types: [Draft, Draft], join: { by: Draft.id, within: 1 } }]",
      [draft(1, "x"), draft(2, "y"), draft(3, "x")],
      0,
    ],
    ["a batch of two", "[{ types: [Draft], batch: { size: 2 } }]", [draft(1), draft(2), draft(3), draft(4)], 2],
    [
      "a batch that is not full, at the end",
      "[{ types: [Draft], batch: { size: 10 } }]",
      [draft(1), draft(2), draft(3)],
      1,
    ],
    ["direct subscriptions do not listen", "[{ types: [Draft], mode: direct }]", [draft(1)], 0],
  ] as const)("%s", async (_, consumes, publish, count) => {
    expect(await runs(consumes, publish as never)).toHaveLength(count);
  });
});

test.each([
  ["one type", "[{ types: [Draft, Review], where: Draft.nope > 1 }]"],
  ["several types", "[{ types: [Draft, Review], where: Draft.nope > Review.score }]"],
])("where over %s that fails is told", async (_, consumes) => {
  const { flock, events } = build(`${TYPES}\nagents:\n  - { name: a, consumes: ${consumes}, publishes: [Article] }\n`);
  await flock.publishAll([
    { type: "Draft", payload: { score: 1 } },
    { type: "Review", payload: { score: 1 } },
  ]);
  await flock.runUntilIdle();
  expect(events.filter((event) => event.type === "agent_error").map(({ error }) => error)).toEqual([
    expect.objectContaining({ code: "predicate_error", message: expect.stringContaining("nope") }),
  ]);
  expect(events.some((event) => event.type === "agent_activated")).toBe(false);
});

describe("publishes", () => {
  const flockWith = (publishes: string, rest = "") =>
    build(
      `${TYPES}\nagents:\n  - { name: a, consumes: [Review], publishes: ${publishes}${rest} }\n`,
      instant((_, call) => ({ id: "x", score: call })),
    );
  const drafts = (flock: Flock) => flock.board.list({ producedBy: "a" });

  async function made(publishes: string, rest?: string): Promise<readonly Artifact[]> {
    const { flock } = flockWith(publishes, rest);
    await flock.publish("Review", { draft_id: "1", score: 1 });
    await flock.runUntilIdle();
    return drafts(flock);
  }

  test("a list is one group", async () => {
    expect((await made("[Draft, Article]")).map((one) => one.type).sort()).toEqual(["Article", "Draft"]);
  });
  test("fan_out, tags and visibility", async () => {
    const all = await made("{ types: [Draft], fan_out: 3, tags: [x], visibility: { private: [a] } }");
    expect(all).toHaveLength(3);
    expect(all[0]).toMatchObject({ tags: ["x"], visibility: { kind: "private", agents: ["a"] } });
  });
  test.each([
    ["public", { kind: "public" }],
    ["{ labelled: [press] }", { kind: "labelled", labels: ["press"] }],
    ["{ tenant: acme }", { kind: "tenant", tenant: "acme" }],
    ["{ after: 5m, then: { tenant: acme } }", visibility.after(300_000, visibility.tenant("acme"))],
    ["{ after: 30s }", visibility.after(30_000)],
  ])("visibility %s", async (form, expected) => {
    expect((await made(`{ types: [Draft], visibility: ${form} }`))[0]?.visibility).toEqual(expected);
  });
  test("where drops an output", async () => {
    expect(await made("{ types: [Draft], where: Draft.score > 1 }")).toHaveLength(0);
  });
  test("validate asks again", async () => {
    const all = await made("{ types: [Draft], validate: { check: Draft.score > 1, message: Score higher } }");
    expect(all.map((one) => one.payload)).toEqual([{ id: "x", score: 2 }]);
  });
  test("best_of takes any score before one that cannot be computed, which is told", async () => {
    for (const score of ["0.0 - Draft.score - Draft.bonus", "Draft.bonus"]) {
      const { flock, events } = build(
        `${TYPES}\nagents:\n  - { name: a, consumes: [Review], publishes: [Draft], best_of: { n: 3, score: ${score} } }\n`,
        instant((_, call) =>
          call === 2 ? { score: 2, bonus: -9 } : call === 1 ? { score: 1 } : { score: 3, bonus: "?" },
        ),
      );
      await flock.publish("Review", { draft_id: "1", score: 1 });
      await flock.runUntilIdle();
      expect(drafts(flock).map((one) => one.payload)).toEqual([{ score: 2, bonus: -9 }]);
      expect(events.filter((event) => event.type === "agent_error").map(({ error }) => error.code)).toEqual([
        "component_error",
        "component_error",
      ]);
    }
  });
  test("best_of takes the highest score", async () => {
    const all = await made("[Draft]", ", best_of: { n: 3, score: Draft.score }");
    expect(all.map((one) => one.payload)).toEqual([{ id: "x", score: 3 }]);
  });
});

test("all that an agent says of itself arrives", () => {
  const { flock } = build(`
model: demo/echo
types: { Draft: text }
agents:
  - { name: a, description: Writes., consumes: [Draft], labels: [press], tenant: acme, max_concurrency: 3, deadline: 5m, prevent_self_trigger: false, schedule: { every: 1h } }
  - { name: b, consumes: [Draft], model: demo/essay }
`);
  expect(flock.agents[0]).toMatchObject({
    name: "a",
    description: "Writes.",
    consumes: ["Draft"],
    model: "demo/echo",
    labels: ["press"],
    tenant: "acme",
    maxConcurrency: 3,
    deadline: 300_000,
    preventSelfTrigger: false,
    schedules: [{ every: 3_600_000 }],
  });
  expect(flock.agents[1]?.model).toBe("demo/essay");
});

test("an agent's tools are those that it names, of those that the server allows", () => {
  const { definition } = parseFlockFile(`
types: { A: text }
mcp_servers:
  files: { command: npx, args: [-y, x], env: { A: b }, allow: [read, list, write] }
  web: { url: "https://h/mcp", headers: { X: y }, allow: [search] }
agents:
  - { name: some, consumes: [A], tools: [files/read, files/list, web] }
  - { name: all, consumes: [A], tools: [files/read, files] }
  - { name: none, consumes: [A] }
`);
  expect(definition?.agents.map((agent) => agent.tools)).toEqual([
    [
      { name: "files", allow: ["read", "list"], command: "npx", args: ["-y", "x"], env: { A: "b" } },
      { name: "web", allow: ["search"], url: "https://h/mcp", headers: { X: "y" } },
    ],
    [{ name: "files", allow: ["read", "list", "write"], command: "npx", args: ["-y", "x"], env: { A: "b" } }],
    [],
  ]);
  if (definition === undefined) throw new Error("expected a definition");
  const own = instant();
  const flock = buildFlock(definition, { engineOf: (agent) => (agent.tools.length > 0 ? own : undefined) });
  expect(flock.agents.map((agent) => Object.getOwnPropertyDescriptor(agent, "engines")?.value)).toEqual([
    [own],
    [own],
    [],
  ]);
});

test("the file cannot set the runtime mode, and a model given from outside stands in for all", () => {
  const { definition } = parseFlockFile(
    "types: { A: text }\nagents: [{ name: a, consumes: [A], model: demo/essay }]\n",
  );
  if (definition === undefined) throw new Error("expected a definition");
  const flock = buildFlock(definition, { mode: RuntimeMode.API, model: "demo/echo" });
  expect(flock.context.runtimeMode).toBe("api");
  expect(flock.agents.map((agent) => agent.model)).toEqual(["demo/echo"]);
});

test.each([
  ["newsroom", 12, "Edition"],
  ["compare-models", 6, "Verdict"],
  ["wide", 64, "Postcard"],
])("the example %s runs to its end", async (name, agents, last) => {
  const text = readFileSync(new URL(`../../resources/flocks/${name}.yaml`, import.meta.url), "utf8");
  const { flock, events } = build(text);
  const sample = parseFlockFile(text).definition?.sample[0];
  await flock.publish(sample?.type ?? "", sample?.payload);
  await flock.runUntilIdle();
  expect(events.filter((event) => event.type === "agent_completed")).toHaveLength(agents);
  expect(flock.board.list({ type: last }).length).toBeGreaterThan(0);
  expect(events.at(-1)).toMatchObject({ type: "workflow_finished", status: "completed" });
});
