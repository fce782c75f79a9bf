import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Artifact, Visibility } from "./artifact.js";
import { artifact } from "./artifact-types.js";
import type { FlockComponent } from "./component.js";
import { A, B, Bench, Text } from "./flock.testing.js";
import { visibility } from "./index.js";

/** Whether all of it is frozen, as far as it goes. */
function isFrozenThrough(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}

const rules: Record<string, Visibility> = {
  public: { kind: "public" },
  private: { kind: "private", agents: ["x"] },
  labelled: { kind: "labelled", labels: ["l"] },
  tenant: { kind: "tenant", tenant: "t" },
  // biome-ignore lint/suspicious/noThenProperty: the field is named so in the artifact's contract
  after: { kind: "after", ttl: 5, then: { kind: "private", agents: ["x"] } },
};

const Nested = artifact("Nested", z.any());

describe("an artifact is frozen through and through", () => {
  test.each(Object.entries(rules))("published from outside, with visibility %s", async (_name, rule) => {
    const bench = new Bench();
    const tags = ["t"];
    const given = structuredClone(rule);
    const published = await bench.flock.publish(A, { n: 1, in: { to: [{ it: 1 }] } }, { tags, visibility: given });
    expect(isFrozenThrough(published)).toBe(true);
    expect(published).toMatchObject({ visibility: rule, tags: ["t"] });
    expect([given, tags].some(Object.isFrozen)).toBe(false);
  });

  test.each(Object.entries(rules))("published by an agent, with visibility %s", async (_name, rule) => {
    const bench = new Bench();
    const tags = ["t"];
    const given = structuredClone(rule);
    const agent = bench.flock.agent("maker").publishes(B, { tags, visibility: given });
    agent.withEngine(() => ({ n: 1, in: { to: [{ it: 1 }] } }));
    if (given.kind === "private") (given.agents as string[]).push("intruder");
    tags.push("late");
    const { artifacts } = await bench.flock.invoke("maker");
    expect(artifacts.every(isFrozenThrough)).toBe(true);
    expect(artifacts).toMatchObject([{ visibility: rule, tags: ["t"] }]);
  });

  test("as a component replaced it", async () => {
    const change = { n: 2, in: { to: [] } };
    const component: FlockComponent = {
      name: "c",
      artifactPublished: (_context, item) => ({
        ...item,
        payload: change,
        tags: ["new"],
        visibility: rules.private ?? item.visibility,
      }),
    };
    const bench = new Bench({ components: [component] });
    const published = await bench.publish("A", 1);
    expect(published).toMatchObject({ payload: { n: 2 }, tags: ["new"] });
    expect(isFrozenThrough(published)).toBe(true);
  });

  test("within what was frozen on the outside only", async () => {
    const bench = new Bench();
    const published = await bench.flock.publish(Nested, Object.freeze({ in: { to: 1 } }));
    expect(isFrozenThrough(published.payload)).toBe(true);
  });

  test("when it holds itself", async () => {
    const bench = new Bench();
    const payload: { self?: unknown } = {};
    payload.self = payload;
    const published = await bench.flock.publish(Nested, payload);
    expect(Object.isFrozen(published.payload)).toBe(true);
  });

  test("as an engine of a chain hands it on", async () => {
    const bench = new Bench();
    let handed: readonly Artifact[] = [];
    bench.flock
      .agent("chain")
      .publishes(B)
      .withEngine(
        () => ({ n: 1, in: { to: [1] } }),
        ({ artifacts }) => {
          handed = artifacts;
        },
      );
    await bench.flock.invoke("chain");
    expect(handed).toHaveLength(1);
    expect(handed.every(isFrozenThrough)).toBe(true);
  });
});

describe("a replacement by a component", () => {
  async function replaced(change: (item: Artifact) => unknown): Promise<{ bench: Bench; published: Artifact }> {
    const component = { name: "c", artifactPublished: (_c: unknown, item: Artifact) => change(item) };
    const bench = new Bench({ components: [component as FlockComponent] });
    return { bench, published: await bench.publish("A", 1) };
  }

  test.each<[string, (item: Artifact) => unknown, RegExp]>([
    ["whose payload does not fit", (item) => ({ ...item, payload: { n: "no" } }), /^c: A: \$\.n: /],
    ["of another type that it does not fit", (item) => ({ ...item, type: "Text" }), /^c: Text: \$\.text: /],
    ["of an unknown type", (item) => ({ ...item, type: "Nobody" }), /Nobody is not a known artifact type/],
    ["that is no artifact", () => true, /artifactPublished returns an artifact/],
    ["with tags that are no list", (item) => ({ ...item, tags: "urgent" }), /tags must be a list/],
    ["with a visibility there is none of", (item) => ({ ...item, visibility: { kind: "secret" } }), /no visibility/],
    ["that comes later and does not fit", async (item) => ({ ...item, payload: {} }), /^c: A: \$\.n: /],
  ])("%s counts as absent and is told", async (_name, change, words) => {
    const { bench, published } = await replaced(change);
    expect(published).toMatchObject({ type: "A", payload: { n: 1 } });
    expect(bench.of("agent_error")).toMatchObject([
      { error: { code: "component_error", message: expect.stringMatching(words) } },
    ]);
  });

  test("keeps its id and its workflow", async () => {
    const { bench, published } = await replaced((item) => ({
      ...item,
      id: "other",
      correlationId: "other",
      tags: ["t"],
    }));
    expect(published.tags).toEqual(["t"]);
    expect([published.id, published.correlationId]).not.toContain("other");
    expect(bench.flock.board.get(published.id)).toBe(published);
  });

  test("of another type is taken as that type has it", async () => {
    const { published } = await replaced((item) => ({ ...item, type: Text.name, payload: { text: "hi", more: 1 } }));
    expect(published).toMatchObject({ type: "Text", payload: { text: "hi" } });
    expect(published.payload).not.toHaveProperty("more");
  });

  test("leaves a payload alone that it does not touch, though its type reads it otherwise", async () => {
    const Parsed = artifact("Parsed", z.object({ n: z.string().transform(Number) }));
    const component: FlockComponent = { name: "c", artifactPublished: (_c, item) => ({ ...item, tags: ["t"] }) };
    const bench = new Bench({ components: [component] });
    expect(await bench.flock.publish(Parsed, { n: "5" })).toMatchObject({ payload: { n: 5 }, tags: ["t"] });
  });
});

test.each([{ kind: "secret" }, { kind: "tenant" }, { kind: "private" }, { kind: "labelled", labels: "l" }, {}])(
  "a visibility that hides nothing for sure is refused: %j",
  async (rule) => {
    const bench = new Bench();
    const given = rule as unknown as Visibility;
    expect(() => bench.agent().publishes(B, { visibility: given })).toThrow(/visibility/);
    await expect(bench.publish("A", 1, {}, { visibility: given })).rejects.toMatchObject({
      code: "invalid_request",
    });
    expect(bench.flock.board.size).toBe(0);
  },
);

test("the rules of `visibility` are frozen", () => {
  expect(
    Object.values(visibility)
      .filter((rule) => typeof rule === "object")
      .every(isFrozenThrough),
  ).toBe(true);
  expect(isFrozenThrough(visibility.after(5, visibility.private("x")))).toBe(true);
});

test("an artifact that the board has not is held to its type when an agent is invoked with it", async () => {
  const bench = new Bench();
  bench.agent("x").consumes(A);
  const published = await bench.publish("A", 1);
  const alien = { ...published, id: "alien", payload: { n: "no" } };
  await expect(bench.flock.invoke("x", [alien])).rejects.toMatchObject({ code: "invalid_payload" });
});
