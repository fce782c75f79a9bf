import { describe, expect, test } from "vitest";
import { formatFault, type ParseFlockFileOptions, parseFlockFile } from "./index.js";

const TYPES = "types: { Topic: text, Draft: text, Event: text }\n";

/** What is told of the agent `listener` beside a `maker` that turns a Topic into a Draft as told. */
function told(
  listener: string,
  output = "[Draft]",
  rest = "publish: { Topic: { text: t } }",
  options: ParseFlockFileOptions = {},
): string[] {
  const text = `${TYPES}agents:
  - { name: maker, consumes: [Topic], publishes: ${output} }
  - { name: listener, ${listener} }
${rest}\n`;
  const { definition, faults } = parseFlockFile(text, { strict: true, ...options });
  expect(definition === undefined).toBe(faults.some(({ severity }) => severity === "error"));
  return faults
    .filter(({ message }) => /listener|maker|empty|holds/.test(message))
    .map((fault) => formatFault("f", fault));
}

describe("nothing can trigger an agent", () => {
  test.each([
    [
      "that wants a tag which no output has",
      "consumes: [{ types: [Draft], tags: [never] }]",
      "{ types: [Draft], tags: [x] }",
      /warning: Nothing can trigger listener: no Draft has a tag of never\. Put tags: \[never\]/,
    ],
    [
      "from which the artifact is hidden",
      "consumes: [Draft]",
      "{ types: [Draft], visibility: { private: [maker] } }",
      /warning: Nothing can trigger listener: every Draft is hidden from it\./,
    ],
    [
      "that lacks a label",
      "consumes: [Draft], labels: [press]",
      "{ types: [Draft], visibility: { after: 5m, then: { labelled: [press, legal] } } }",
      /warning: Nothing can trigger listener: every Draft is hidden from it\./,
    ],
    [
      "of another tenant",
      "consumes: [Draft], tenant: acme",
      "{ types: [Draft], visibility: { tenant: other } }",
      /warning: Nothing can trigger listener: every Draft is hidden from it\./,
    ],
    [
      "that waits only to be invoked",
      "consumes: [{ types: [Draft], mode: direct }]",
      "[Draft]",
      /warning: No artifact can trigger listener: all that it consumes has mode: direct\./,
    ],
    ["with an empty list of tags", "consumes: [{ types: [Draft], tags: [] }]", "[Draft]", /error: tags is empty/],
    [
      "whose condition is never true",
      "consumes: [{ types: [Draft], where: 'Draft.text != \"\" && 1 > 2' }]",
      "[Draft]",
      /error: where never holds\./,
    ],
  ])("%s", (_, listener, output, words) => {
    expect(told(listener, output)).toEqual([expect.stringMatching(words)]);
  });

  test("tells who may publish what is taken from some agents only", () => {
    const words =
      "warning: Nothing can trigger listener: Event never reaches it. Let one of from_agents publish it: maker.";
    expect(told("consumes: [{ types: [Event], from_agents: [maker] }]")).toEqual([expect.stringContaining(words)]);
  });

  test("is a warning where input from outside could, whoever asks", () => {
    for (const strict of [true, false]) {
      expect(told("consumes: [Event]", "[Draft]", undefined, { strict })).toEqual([
        expect.stringMatching(
          /warning: Nothing can trigger listener: Event never reaches it\. .* or give it as input\.$/,
        ),
      ]);
    }
  });

  test("is not told where the input at hand does", () => {
    expect(told("consumes: [Event]", "[Draft]", undefined, { input: ["Event"] })).toEqual([]);
    expect(told("consumes: [Event]", "[Draft]", undefined, { input: "any" })).toEqual([]);
    expect(told("consumes: [Event]", "[Draft]", undefined, { input: ["Draft"] })).toHaveLength(1);
  });
});

describe("no alarm", () => {
  test.each([
    ["for a tag of an output", "consumes: [{ types: [Draft], tags: [x, y] }]", "{ types: [Draft], tags: [y] }"],
    ["for a tag on what is published from outside", "consumes: [{ types: [Topic], tags: [urgent] }]", "[Draft]"],
    [
      "where one subscription of several can be triggered",
      "consumes: [{ types: [Draft], tags: [never] }, { types: [Draft], mode: direct }, { types: [Topic] }]",
      "[Draft]",
    ],
    [
      "for a direct subscription beside a schedule",
      "consumes: [{ types: [Draft], mode: direct }], schedule: { every: 5m }",
      "[Draft]",
    ],
    [
      "for what is private to the agent",
      "consumes: [Draft]",
      "{ types: [Draft], visibility: { private: [listener] } }",
    ],
    [
      "for what its labels and tenant let it see, later",
      "consumes: [Draft], labels: [press, legal]",
      "{ types: [Draft], visibility: { after: 5m, then: { labelled: [press] } } }",
    ],
    ["for a condition that is always true", "consumes: [{ types: [Draft], where: 'true' }]", "[Draft]"],
  ])("%s", (_, listener, output) => {
    expect(told(listener, output)).toEqual([]);
  });

  test("for tags on a type that the file leaves to whoever runs it", () => {
    expect(told("consumes: [{ types: [Event], tags: [urgent] }]", "[Draft]", "")).toEqual([]);
  });

  test("of a circle that a tag, a visibility or a direct mode opens", () => {
    for (const consumes of [
      "{ types: [Draft], tags: [no] }",
      "{ types: [Draft], mode: direct }",
      "{ types: [Draft] }",
    ]) {
      const circle = told(`consumes: [Topic, ${consumes}], publishes: [Topic]`, "{ types: [Draft], tags: [yes] }");
      expect(circle.some((fault) => fault.includes("trigger each other"))).toBe(consumes === "{ types: [Draft] }");
    }
  });
});
