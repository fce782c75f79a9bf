import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonStart } from "./json-start.js";
import { MarkdownFields } from "./markdown-fields.js";

const OBJECT = '{"title":"A","n":1}';

/** The JSON that is found in an answer which arrives in pieces of this size. */
function found(answer: string, wanted: "object" | "list" = "object", size = answer.length): string {
  const fields = new MarkdownFields(undefined, wanted);
  for (let at = 0; at < answer.length; at += size) fields.feed(answer.slice(at, at + size));
  fields.end();
  return fields.json;
}

const around = [
  ["nothing", "", ""],
  ["a thought", '<think>Braces {"like": these}, [1, 2].</think>\n', ""],
  ["two thoughts", '\n<think>\na\n</think>\n<reasoning>{"b":1}</reasoning>', ""],
  ["a thought without an end", "<think>", ""],
  ["a numbered sentence", "1. Here is what you asked for: ", "\nDone {ok}."],
  ["brackets", 'Here [as asked], -1 {and} {"so"} on: ', " [1]"],
  ["empty braces", "With {} and [] filled in: ", " {}"],
  ["a fence", "Sure:\n\n```json\n", "\n```"],
  ["a word that is no thought", "<b>Here</b> is it: ", ""],
] as const;

describe("an object in an answer", () => {
  it.each(around)("is found past %s", (_, before, after) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(found(before + OBJECT + after, "object", size)).toBe(OBJECT);
  });

  it.each([
    ["with spaces", '{ \n "a b\\" {c" : 1 }'],
    ["in an object", '{"a":{"b":[]}}'],
  ])("is found %s", (_, json) => {
    for (const size of [1, 3, 1000]) expect(found(`Well: ${json}`, "object", size)).toBe(json);
  });

  it("that is empty is found where no other is", () => {
    expect(found("There is nothing: {}")).toBe("{}");
    expect(found(" { } ")).toBe("{ }");
  });

  it("is shown as soon as its first key is there", () => {
    const fields = new MarkdownFields(undefined, "object");
    expect(fields.feed("<think>Hm.</think>Here [1]: {")).toBe("");
    expect(fields.feed('"title"')).toBe("");
    expect(fields.feed(':"The hi')).toBe("**title:** The hi");
    expect(fields.feed("story")).toBe("story");
  });

  it("that is not there leaves the text as it is", () => {
    const fields = new MarkdownFields(undefined, "object");
    expect(fields.feed("I {rather} [would] not.") + fields.end()).toBe("I {rather} [would] not.");
  });

  it("that breaks off in its first key shows nothing of it", () => {
    for (const answer of ["{", '{"ti', 'Here: {"ti']) {
      const fields = new MarkdownFields(undefined, "object");
      expect(fields.feed(answer) + fields.end()).toBe("");
    }
  });
});

describe("a list in an answer", () => {
  it.each(around)("is found past %s, with its wrapper and without", (_, before, after) => {
    for (const json of ['{"elements":[{"a":1}]}', '[{"a":1},{"a":2}]', '["a","b"]'])
      for (const size of [1, 2, 1000]) expect(found(before + json + after, "list", size)).toBe(json);
  });
});

it("where the value begins depends on the whole text alone, not on how it was cut", () => {
  const piece = fc.constantFrom(
    "<think>",
    "</think>",
    "<",
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    "a",
    " ",
    "\n",
    "\\",
    "1",
    '{"a":',
  );
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom("any", "object", "list"), fc.integer({ min: 1, max: 3 }), (all, wanted, size) => {
      const start = (step: number) => {
        const search = new JsonStart(wanted);
        for (let at = 0; at < all.length; at += step) {
          const begun = search.feed(all.slice(at, at + step));
          if (begun !== undefined) return begun;
        }
        return search.end();
      };
      expect(start(size)).toBe(start(all.length || 1));
    }),
    { numRuns: 2000 },
  );
});
