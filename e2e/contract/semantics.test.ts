import { describe, expect, test } from "vitest";
import { file, tell } from "./command.testing.js";
import { consumed, follow, type Message, number, ofType, payloads, record } from "./messages.testing.js";

const TYPES = `
  A: { type: object, properties: { id: { type: string }, score: { type: number } }, required: [id] }
  B: { type: object, properties: { id: { type: string }, score: { type: number } }, required: [id] }
  Out: text`;

/** A flock of text echoes; `agents` is YAML. */
const flock = (agents: string, { model = "demo/echo?tps=0", types = "" } = {}) =>
  file(`name: Gates\nmodel: ${model}\ntypes:${TYPES}${types}\nagents:\n${agents}`);

const publish = (...artifacts: [type: string, payload: unknown][]) =>
  artifacts.flatMap(([type, payload]) => ["--publish", `${type}=${JSON.stringify(payload)}`]);

const a = (id: string, score = 0): [string, unknown] => ["A", { id, score }];
const b = (id: string, score = 0): [string, unknown] => ["B", { id, score }];
const ids = (messages: readonly Message[], agent = "one") =>
  consumed(messages, agent).map((inputs) => inputs.map((input) => record(input).id ?? record(input).text));

const one = (rest: string) => `  - name: one\n    description: Gate.\n    publishes: [Out]\n    ${rest}\n`;

test("AND: both types in one consumes, in any order", async () => {
  const path = flock(one("consumes: [A, B]"));
  for (const order of [
    [a("1"), b("2")],
    [b("2"), a("1")],
  ]) {
    const { code, messages } = await tell(path, publish(...order));
    expect(code).toBe(0);
    expect(ids(messages).map((inputs) => inputs.sort())).toEqual([["1", "2"]]);
  }
});

test("AND: nothing fires while one is missing, and the workflow still completes", async () => {
  const { code, messages } = await tell(flock(one("consumes: [A, B]")), publish(a("1"), a("2")));
  expect(code).toBe(0);
  expect(ids(messages)).toEqual([]);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "completed" });
});

test("OR: each list item of the long form is a subscription of its own", async () => {
  const path = flock(one("consumes:\n      - { types: [A] }\n      - { types: [B] }"));
  const { messages } = await tell(path, publish(a("1"), b("2"), a("3")));
  expect(ids(messages).flat().sort()).toEqual(["1", "2", "3"]);
  expect(ids(messages)).toHaveLength(3);
});

test("count: a repeated type waits for as many, then its pool is cleared", async () => {
  const path = flock(one("consumes:\n      - { types: [A, A, A] }"));
  const { messages } = await tell(path, publish(...[..."1234567"].map((id) => a(id))));
  expect(ids(messages)).toEqual([
    ["1", "2", "3"],
    ["4", "5", "6"],
  ]);
});

test("count: a complete gate takes the latest N of each type", async () => {
  const path = flock(one("consumes:\n      - { types: [A, A, B] }"));
  const { messages } = await tell(path, publish(a("1"), a("2"), a("3"), b("x"), a("4"), a("5"), b("y")));
  expect(ids(messages).map((inputs) => inputs.sort())).toEqual([
    ["2", "3", "x"],
    ["4", "5", "y"],
  ]);
});

describe("where", () => {
  test("a CEL expression over the payload", async () => {
    const path = flock(one('consumes:\n      - { types: [A], where: "A.score > 3" }'));
    const { messages } = await tell(path, publish(a("low", 3), a("high", 4), a("half", 3.5)));
    expect(ids(messages).flat().sort()).toEqual(["half", "high"]);
  });

  test("one that throws means no match, and stops nothing", async () => {
    const path = flock(
      one('consumes:\n      - { types: [A], where: "A.score > 3" }') +
        one("consumes: [A]").replace("name: one", "name: all"),
    );
    const { code, messages } = await tell(path, publish(["A", { id: "bare" }], a("high", 9)));
    expect(code).toBe(0);
    expect(ids(messages)).toEqual([["high"]]);
    expect(ids(messages, "all").flat().sort()).toEqual(["bare", "high"]);
  });

  test("one for each type of an AND gate", async () => {
    const path = flock(one('consumes:\n      - { types: [A, B], where: "A.score > 3" }'));
    const { messages } = await tell(path, publish(a("low", 1), b("x"), a("high", 5)));
    expect(ids(messages).map((inputs) => inputs.sort())).toEqual([["high", "x"]]);
  });
});

test("from_agents and tags let through what they name", async () => {
  const path = flock(
    `  - { name: left, description: L., consumes: [A], publishes: { types: [Mid], tags: [x, y] } }
  - { name: right, description: R., consumes: [A], publishes: [Mid] }
  - { name: by_agent, description: F., consumes: [{ types: [Mid], from_agents: [right] }], publishes: [Out] }
  - { name: by_tag, description: T., consumes: [{ types: [Mid], tags: [y, z] }], publishes: [Out] }
  - { name: by_both, description: B., consumes: [{ types: [Mid], tags: [y], from_agents: [right] }], publishes: [Out] }`,
    { types: "\n  Mid: text" },
  );
  const { messages } = await tell(path, publish(a("1")));
  const mids = ofType(messages, "artifact_published")
    .map((message) => record(message.artifact))
    .filter((artifact) => artifact.type === "Mid");
  const byId = new Map(mids.map((artifact) => [artifact.id, artifact.produced_by]));
  const sources = (agent: string) =>
    ofType(messages, "agent_activated")
      .filter((message) => message.agent_name === agent)
      .flatMap((message) => (Array.isArray(message.consumed_artifacts) ? message.consumed_artifacts : []))
      .map((id) => byId.get(id));
  expect(sources("by_agent")).toEqual(["right"]);
  expect(sources("by_tag")).toEqual(["left"]);
  expect(sources("by_both")).toEqual([]);
  expect(mids.find((artifact) => artifact.produced_by === "left")?.tags).toEqual(["x", "y"]);
});

describe("join", () => {
  test("groups by key, whatever the order", async () => {
    const path = flock(one("consumes:\n      - { types: [A, B], join: { by: A.id, within: 5m } }"));
    const { messages } = await tell(path, publish(a("k1"), a("k2"), b("k2"), b("k3"), b("k1")));
    expect(ids(messages)).toEqual([
      ["k2", "k2"],
      ["k1", "k1"],
    ]);
  });

  test("counts apply, and the earliest N are taken", async () => {
    const path = flock(one("consumes:\n      - { types: [A, A, B], join: { by: A.id, within: 5m } }"));
    const { messages } = await tell(path, publish(a("k", 1), a("k", 2), a("k", 3), b("k", 9)));
    expect(consumed(messages, "one").map((inputs) => inputs.map((input) => record(input).score).sort())).toEqual([
      [1, 2, 9],
    ]);
  });

  test("an expired group never fires, one inside the window does", async () => {
    const agents = (within: string) => `  - { name: late, description: L., consumes: [B], publishes: [Mid] }
  - name: one
    description: Joins.
    publishes: [Out]
    consumes:
      - { types: [Early, Mid], join: { by: Early.text, within: ${within} } }`;
    const options = { model: "demo/echo?tps=10&chunk=1", types: "\n  Early: text\n  Mid: text" };
    const input = publish(["Early", { text: "0123456789abcde" }], b("0123456789abcde"));
    const [expired, open] = await Promise.all([
      tell(flock(agents("500ms"), options), input),
      tell(flock(agents("60s"), options), input),
    ]);
    expect(payloads(expired.messages, "Mid")).toHaveLength(1);
    expect(ids(expired.messages)).toEqual([]);
    expect(ids(open.messages)).toHaveLength(1);
  });
});

describe("batch", () => {
  test("fires at its size, and flushes what is left at the end of the workflow", async () => {
    const path = flock(one("consumes:\n      - { types: [A], batch: { size: 3, timeout: 60s } }"));
    const { code, messages } = await tell(path, publish(...[..."12345"].map((id) => a(id))));
    expect(code).toBe(0);
    expect(ids(messages)).toEqual([
      ["1", "2", "3"],
      ["4", "5"],
    ]);
  });

  test("fires at its timeout, from the first item, while the workflow goes on", async () => {
    const path = flock(
      `${one("consumes:\n      - { types: [A], batch: { size: 10, timeout: 500ms } }")}  - { name: slow, description: S., consumes: [B], publishes: [Out] }`,
      { model: "demo/echo?tps=10&chunk=1" },
    );
    const { messages } = await tell(path, publish(a("1"), a("2"), b("0123456789abcdefghij")));
    expect(ids(messages)).toEqual([["1", "2"]]);
    const activated = messages.findIndex(
      (message) => message.type === "agent_activated" && message.agent_name === "one",
    );
    const slow = messages.findIndex((message) => message.type === "agent_completed" && message.agent_name === "slow");
    expect(activated).toBeLessThan(slow);
  });

  test("combines with join: each item of the batch is a group", async () => {
    const path = flock(
      one("consumes:\n      - { types: [A, B], join: { by: A.id, within: 5m }, batch: { size: 2, timeout: 60s } }"),
    );
    const { messages } = await tell(path, publish(a("k1"), b("k1"), a("k2"), a("k3"), b("k3"), b("k2")));
    expect(ids(messages).map((inputs) => inputs.sort())).toEqual([
      ["k1", "k1", "k3", "k3"],
      ["k2", "k2"],
    ]);
  });
});

test("fan_out: one run and one call publish N artifacts", async () => {
  const path = flock(
    "  - { name: one, description: F., consumes: [A], publishes: { types: [Out], fan_out: 3, visibility: public, tags: [x] } }",
  );
  const { code, messages } = await tell(path, publish(a("1")));
  expect(code).toBe(0);
  expect(ofType(messages, "agent_activated")).toHaveLength(1);
  const out = ofType(messages, "artifact_published")
    .map((message) => record(message.artifact))
    .filter((artifact) => artifact.type === "Out");
  expect(out).toHaveLength(3);
  for (const artifact of out) expect(artifact).toMatchObject({ tags: ["x"], visibility: "public", produced_by: "one" });
  const completed = ofType(messages, "agent_completed")[0]?.artifacts_produced;
  expect(completed).toEqual(out.map((artifact) => artifact.id));
});

test("an agent does not trigger itself", async () => {
  const path = flock(
    "  - { name: one, description: S., consumes: [Out, A], publishes: [Out] }".replace(
      "[Out, A]",
      "[{ types: [Out] }, { types: [A] }]",
    ),
  );
  const { code, messages } = await tell(path, publish(a("1")));
  expect(code).toBe(0);
  expect(ofType(messages, "agent_activated")).toHaveLength(1);
});

/** The most runs of an agent that were on at once. */
function together(messages: readonly Message[], agent: string): number {
  let on = 0;
  let most = 0;
  for (const message of messages) {
    if (message.agent_name !== agent) continue;
    if (message.type === "stream_started") most = Math.max(most, ++on);
    if (message.type === "stream_complete") on--;
  }
  return most;
}

test.each([
  ["", 2],
  ["max_concurrency: 1", 1],
  ["max_concurrency: 4", 4],
])("max_concurrency bounds the runs at once (%s): %i", async (setting, expected) => {
  const path = flock(one(`consumes: [A]\n    ${setting}`), { model: "demo/echo?tps=20&chunk=1" });
  const { messages } = await tell(path, publish(...[..."123456"].map((id) => a(id.repeat(6)))));
  expect(ofType(messages, "stream_complete")).toHaveLength(6);
  expect(together(messages, "one")).toBe(expected);
});

test("every fault is data: one agent fails, the others go on, the workflow ends as failed", async () => {
  const path = flock(
    `  - { name: bad, description: B., consumes: [A], publishes: [Mid], model: "demo/fail?after=4&how=error" }
  - { name: good, description: G., consumes: [A], publishes: [Out] }
  - { name: after, description: N., consumes: [Mid], publishes: [Out] }`,
    { types: "\n  Mid: text" },
  );
  const { code, messages } = await tell(path, publish(a("1")));
  expect(code).toBe(1);
  expect(payloads(messages, "Out")).toEqual([{ text: "1" }]);
  expect(ofType(messages, "agent_error").map((message) => message.agent_name)).toEqual(["bad"]);
  expect(ids(messages, "after")).toEqual([]);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "failed" });
});

test("visibility: private to the named agents", async () => {
  const path = flock(
    `  - { name: source, description: S., consumes: [A], publishes: { types: [Mid], visibility: { private: [reader] } } }
  - { name: reader, description: R., consumes: [Mid], publishes: [Out] }
  - { name: stranger, description: X., consumes: [Mid], publishes: [Out] }`,
    { types: "\n  Mid: text" },
  );
  const { code, messages } = await tell(path, publish(a("1")));
  expect(code).toBe(0);
  expect(ids(messages, "reader")).toEqual([["1"]]);
  expect(ids(messages, "stranger")).toEqual([]);
});

test("the circuit breaker ends a cycle at 1000 activations an agent", async () => {
  const path = flock(
    `  - { name: ping, description: P., consumes: [{ types: [A] }, { types: [Out] }], publishes: [Back] }
  - { name: pong, description: Q., consumes: [Back], publishes: [Out] }`,
    { types: "\n  Back: text" },
  );
  const { messages } = await tell(path, publish(a("1")));
  const activations = ofType(messages, "agent_activated").filter((message) => message.agent_name === "ping").length;
  expect(activations).toBe(1000);
  expect(messages.at(-1)?.type).toBe("workflow_finished");
  follow(messages);
});

test("64 agents on one artifact take little longer than one", async () => {
  const many = Array.from(
    { length: 64 },
    (_, index) => `  - { name: a${index}, description: W., consumes: [A], publishes: [Out] }`,
  );
  const model = "demo/echo?tps=20&chunk=1";
  const input = publish(a("x".repeat(40)));
  const single = await tell(flock(many.slice(0, 1).join("\n"), { model }), input);
  const all = await tell(flock(many.join("\n"), { model }), input);
  const duration = (messages: readonly Message[]) => number(messages.at(-1)?.duration);
  expect(ofType(all.messages, "stream_complete")).toHaveLength(64);
  expect(duration(all.messages) / duration(single.messages)).toBeLessThan(1.5);
});
