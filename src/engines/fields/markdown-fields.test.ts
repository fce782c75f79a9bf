import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { MarkdownFields, renderFields } from "./markdown-fields.js";
import type { FieldsLayout } from "./markdown-writer.js";

const layout = (wrap: FieldsLayout["wrap"], ...text: string[]): FieldsLayout => ({ wrap, text: new Set(text) });

function feedAll(json: string, sizes: readonly number[], shape?: FieldsLayout): string[] {
  const fields = new MarkdownFields(shape);
  const parts: string[] = [];
  for (let at = 0, index = 0; at < json.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    parts.push(fields.feed(json.slice(at, at + size)));
    at += size;
  }
  parts.push(fields.end());
  return parts;
}

describe("values as Markdown", () => {
  it.each<[string, unknown, string]>([
    [
      "scalars",
      { title: "Kites", year: 1853, done: true, by: null },
      "**title:** Kites\n\n**year:** 1853\n\n**done:** true\n\n**by:** none",
    ],
    ["a list", { tags: ["a", "b"], n: 1 }, "**tags:**\n\n- a\n- b\n\n**n:** 1"],
    ["an empty list, object and string", { a: [], b: {}, c: "" }, "**a:** none\n\n**b:** none\n\n**c:**"],
    [
      "objects in a list",
      { people: [{ name: "Ada", born: 1815 }, { name: "Grace" }] },
      "**people:**\n\n- **name:** Ada\n\n  **born:** 1815\n- **name:** Grace",
    ],
    [
      "an object in an object",
      { author: { name: "Ada", tags: ["x", "y"] } },
      "**author:**\n\n- **name:** Ada\n- **tags:**\n\n  - x\n  - y",
    ],
    ["lists in a list", { rows: [["a", "b"], ["c"]] }, "**rows:**\n\n- - a\n  - b\n- - c"],
    ["lines in a string", { body: "one\n\ntwo", items: ["x\ny"] }, "**body:** one\n\ntwo\n\n**items:**\n\n- x\n  y"],
    ["a string that begins like a block", { body: "# Head\n\ntext" }, "**body:**\n\n# Head\n\ntext"],
    ["escapes", { 'a"\\*b': '\u00e9\t"\\/\ud83d\ude00' }, '**a"\\\\\\*b:** \u00e9\t"\\/\ud83d\ude00'],
    ["a bare list", ["a", 1], "- a\n- 1"],
    ["a bare string", "text", "text"],
    ["a bare number", 12, "12"],
    ["nothing", {}, "none"],
  ])("%s", (_, value, markdown) => {
    expect(renderFields(value)).toBe(markdown);
  });

  it.each<[string, unknown, FieldsLayout, string]>([
    ["text alone", { text: "# Hi\n\nthere" }, layout("one", "Article"), "# Hi\n\nthere"],
    [
      "texts of a fan-out",
      { elements: [{ text: "one" }, { text: "two" }] },
      layout("list", "Article"),
      "one\n\n---\n\ntwo",
    ],
    [
      "payloads of a fan-out",
      { elements: [{ a: 1, b: [2] }, { a: 3 }] },
      layout("list"),
      "**a:** 1\n\n**b:**\n\n- 2\n\n---\n\n**a:** 3",
    ],
    ["a list without its wrapper", [{ a: 1 }, { a: 3 }], layout("list"), "**a:** 1\n\n---\n\n**a:** 3"],
    [
      "several types",
      { Article: { text: "Hi" }, Score: { stars: 4 } },
      layout("types", "Article"),
      "### Article\n\nHi\n\n### Score\n\n**stars:** 4",
    ],
    [
      "several of several types",
      { A: [{ text: "x" }, { text: "y" }], B: [{ n: 1 }] },
      layout("types", "A"),
      "### A\n\nx\n\n---\n\ny\n\n### B\n\n**n:** 1",
    ],
  ])("%s", (_, value, shape, markdown) => {
    expect(renderFields(value, shape)).toBe(markdown);
  });

  it("is what Markdown reads as labels and nested lists", () => {
    const html = marked.parse(
      renderFields({
        people: [
          { name: "Ada", tags: ["x", "y"] },
          { name: "Grace", tags: [] },
        ],
      }),
      { async: false },
    );
    expect(html.replace(/\s+/g, "")).toBe(
      "<p><strong>people:</strong></p><ul><li><p><strong>name:</strong>Ada</p><p><strong>tags:</strong></p><ul><li>x</li><li>y</li></ul></li>" +
        "<li><p><strong>name:</strong>Grace</p><p><strong>tags:</strong>none</p></li></ul>",
    );
  });
});

describe("arriving in pieces", () => {
  const value = fc.jsonValue({
    stringUnit: fc.constantFrom("a", "é", "\n", "\r", '"', "\\", "#", "-", " ", "\u{1f600}", "\ud800", "漢"),
    maxDepth: 4,
  });
  const shape = fc.constantFrom(layout("one"), layout("one", "A"), layout("list"), layout("types", "a"));
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 });
  const spelling = fc.constantFrom(
    (json: unknown) => JSON.stringify(json),
    (json: unknown) => JSON.stringify(json, null, 2),
    (json: unknown) =>
      JSON.stringify(json).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

  it("gives the same Markdown however the JSON is cut, and never half of a pair", () => {
    fc.assert(
      fc.property(value, shape, sizes, spelling, (any, form, cut, spell) => {
        const json = spell(any);
        const whole = feedAll(json, [json.length || 1], form).join("");
        const parts = feedAll(json, cut, form);
        expect(parts.join("")).toBe(whole);
        let end = 0;
        for (const part of parts.filter((piece) => piece !== "")) {
          end += part.length;
          expect(whole.slice(end - 1, end + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("a text that breaks off gives the beginning of what the whole would give", () => {
    fc.assert(
      fc.property(value, sizes, fc.nat(), (any, cut, at) => {
        const json = JSON.stringify(any);
        const broken = feedAll(json.slice(0, at % (json.length + 1)), cut);
        const grown = broken.slice(0, -1).join("");
        expect(feedAll(json, [1]).join("").startsWith(grown)).toBe(true);
      }),
    );
  });

  it("shows a string while it grows", () => {
    const fields = new MarkdownFields();
    expect(fields.feed('{"title":"The hist')).toBe("**title:** The hist");
    expect(fields.feed("ory of fl")).toBe("ory of fl");
    expect(fields.feed('ight","n":4')).toBe("ight\n\n**n:**");
    expect(fields.feed("2}")).toBe(" 42");
  });

  it.each([
    ["a fence", '```json\n{"a":[1,2]}\n```\nDone.', '{"a":[1,2]}'],
    ["a sentence", 'Here it is: {"a":"}"} I hope it helps', '{"a":"}"}'],
    ["nothing", "[1,2]", "[1,2]"],
    ["spaces", '\n  "text" ', '"text"'],
    ["a number", "12 ", "12"],
  ])("passes over %s around the value", (_, text, json) => {
    for (const size of [1, 3, text.length]) {
      const fields = new MarkdownFields();
      for (let at = 0; at < text.length; at += size) fields.feed(text.slice(at, at + size));
      fields.end();
      expect(fields.json).toBe(json);
    }
  });

  it("gives text without any JSON as it is, once", () => {
    const fields = new MarkdownFields();
    expect(fields.feed("I would rather ") + fields.feed("not.")).toBe("");
    expect(fields.end()).toBe("I would rather not.");
    expect(fields.end()).toBe("");
  });

  it("survives anything", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u12ab \n-') }), sizes, (text, cut) => {
        const whole = feedAll(text, [text.length || 1]).join("");
        expect(feedAll(text, cut).join("")).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });
});
