import { describe, expect, test } from "vitest";
import type { AgentBuilder } from "./agent-builder.js";
import { A, B, Bench } from "./flock.testing.js";
import { circuitBreaker, Flock, type FlockOptions, visibility } from "./index.js";

/** Options as JavaScript hands them in, whatever they are. */
type Loose = Record<string, unknown>;

const consuming = (options: Loose) => (agent: AgentBuilder) => agent.consumes(A, B, options as never);
const publishing = (options: Loose) => (agent: AgentBuilder) => agent.publishes(B, options as never);
const by = () => 1;
const within = { ms: 1_000 };

const wrongCounts = [Number.NaN, -1, 0, 1.5, "3"];
const wrongTimes = [Number.NaN, -1, 0, "30s", Number.POSITIVE_INFINITY];

describe.each<[string, readonly unknown[], (value: never) => (agent: AgentBuilder) => unknown, RegExp]>([
  ["fanOut", wrongCounts, (fanOut) => publishing({ fanOut }), /publishes fanOut must be a whole number of at least 1/],
  ["batch.size", wrongCounts, (size) => consuming({ batch: { size } }), /batch\.size must be a whole number/],
  [
    "join.within.count",
    wrongCounts,
    (count) => consuming({ join: { by, within: { count } } }),
    /within\.count must be/,
  ],
  ["maxConcurrency", wrongCounts, (runs) => (agent) => agent.maxConcurrency(runs), /maxConcurrency must be a whole/],
  ["bestOf", wrongCounts, (n) => (agent) => agent.bestOf(n, () => 1), /bestOf must be a whole number of at least 1/],
  ["deadline", wrongTimes, (ms) => (agent) => agent.deadline(ms), /deadline must be milliseconds above 0/],
  ["batch.timeout", wrongTimes, (timeout) => consuming({ batch: { timeout } }), /batch\.timeout must be milliseconds/],
  [
    "join.within.ms",
    wrongTimes,
    (ms) => consuming({ join: { by, within: { ms } } }),
    /within\.ms must be milliseconds/,
  ],
  ["priority", [Number.NaN, "high"], (priority) => consuming({ priority }), /priority must be a number/],
  ["mode", ["evnets", 1], (mode) => consuming({ mode }), /mode must be one of both, events, direct, not/],
  [
    "where",
    ["A.n > 1", ["A.n > 1"], { A: "n > 1" }, 1],
    (where) => consuming({ where }),
    /where(\.A)? must be a function/,
  ],
  [
    "where of a type it does not take",
    [{ C: () => true }],
    (where) => consuming({ where }),
    /where has no C\. It takes A, B/,
  ],
  ["whereAll", ["A.n > B.n"], (whereAll) => consuming({ whereAll }), /whereAll must be a function/],
  ["tags", ["urgent", [1]], (tags) => consuming({ tags }), /tags must be a list of names, such as \["urgent"\]/],
  ["fromAgents", ["writer"], (fromAgents) => consuming({ fromAgents }), /fromAgents must be a list of names/],
  [
    "batch",
    [{}, { sise: 3 }, 3],
    (batch) => consuming({ batch }),
    /batch (needs size, timeout|has no sise|must be an object)/,
  ],
  [
    "join",
    [{}, { by }, { within }, { by: "A.id", within }, { by, within: {} }, { by, within, per: 1 }],
    (join) => consuming({ join }),
    /join (is \{ by: \(artifact\) => key, within|has no per)/,
  ],
  [
    "an option of consumes that there is none of",
    ["x"],
    (fromAgent) => consuming({ fromAgent }),
    /has no fromAgent\. It takes where/,
  ],
  ["where of an output", ["B.n > 1"], (where) => publishing({ where }), /publishes where must be a function/],
  [
    "validate",
    ["B.n > 1", ["B.n > 1"]],
    (validate) => publishing({ validate }),
    /publishes validate must be a function/,
  ],
  ["tags of an output", ["urgent"], (tags) => publishing({ tags }), /tags must be a list of names/],
  [
    "an option of publishes that there is none of",
    [3],
    (fan_out) => publishing({ fan_out }),
    /has no fan_out\. It takes fanOut/,
  ],
  [
    "options that are none",
    [null, 3, ["A"]],
    (given) => (agent) => agent.consumes(A, given),
    /consumes must be an object/,
  ],
  ["a type that is none", [{ tags: [] }], (given) => (agent) => agent.consumes(given, A), /options, which comes last/],
  ["a scorer", ["-B.n"], (score) => (agent) => agent.bestOf(2, score), /scorer of bestOf must be a function/],
])("%s", (_name, values, make, words) => {
  test.each(values.map((value) => [value]))("%j is refused", (value) => {
    const agent = new Bench().agent("x");
    expect(() => make(value as never)(agent)).toThrow(words);
    expect(() => make(value as never)(agent)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

test("what is absent is as good as not given", () => {
  const agent = new Bench().agent("x");
  agent.consumes(A, undefined as never).publishes(B, { fanOut: undefined } as never);
  agent.consumes(A, { batch: undefined, mode: undefined, tags: undefined } as never);
  agent.maxConcurrency(Number.POSITIVE_INFINITY);
});

describe.each<[string, readonly unknown[], (value: never) => FlockOptions, RegExp]>([
  ["maxConcurrency", wrongCounts, (maxConcurrency) => ({ maxConcurrency }), /^maxConcurrency must be a whole number/],
  [
    "providerLimits",
    [...wrongCounts, undefined],
    (maxConcurrency) => ({ providerLimits: { openai: { maxConcurrency } } }),
    /^providerLimits\.openai(\.maxConcurrency must be a whole number| needs maxConcurrency)/,
  ],
  [
    "a provider's limit",
    [4, null, { max: 4 }],
    (openai) => ({ providerLimits: { openai } }),
    /^providerLimits\.openai /,
  ],
])("%s of a flock", (_name, values, make, words) => {
  test.each(values.map((value) => [value]))("%j is refused", (value) => {
    expect(() => new Flock(make(value as never))).toThrow(words);
  });
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "1m"])("visibility.after of %j is refused", (ttl) => {
  expect(() => visibility.after(ttl as number)).toThrow(/visibility\.after takes milliseconds/);
});

test.each([Number.NaN, 0, 1.5])("a circuit breaker of %j is refused", (limit) => {
  expect(() => circuitBreaker(limit)).toThrow(/circuitBreaker must be a whole number/);
});

describe.each<[string, Loose, RegExp]>([
  ["a deadline of 0", { deadline: 0 }, /deadline must be milliseconds above 0/],
  ["a tag that is no list", { tags: "urgent" }, /tags must be a list of names/],
  ["an option there is none of", { tag: ["urgent"] }, /A publication has no tag\. It takes tags/],
  ["an empty workflow", { correlationId: "" }, /correlationId must be the id of a workflow/],
])("a publication with %s", (_name, init, words) => {
  test.each<[string, (bench: Bench) => Promise<unknown>]>([
    ["publish", (bench) => bench.flock.publish(A, { n: 1 }, init)],
    ["publishAll", (bench) => bench.flock.publishAll([{ type: A, payload: { n: 1 } }], init)],
    ["invoke", (bench) => bench.flock.invoke("x", [{ type: "A", payload: { n: 1 } }], init)],
  ])("is refused by %s and leaves no trace", async (_call, call) => {
    const bench = new Bench();
    bench.agent("x");
    await expect(call(bench)).rejects.toThrow(words);
    expect(bench.events).toEqual([]);
  });
});

test.each([Number.NaN, -1, "5s"])("a wait of %j is refused by runUntil and shutdown", async (wait) => {
  const { flock } = new Bench();
  await expect(flock.runUntil(() => true, wait as number)).rejects.toThrow(/timeout of runUntil must be milliseconds/);
  expect(() => flock.shutdown({ deadline: wait as number })).toThrow(/deadline of shutdown must be milliseconds/);
  await flock.shutdown();
});
