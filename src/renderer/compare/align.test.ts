import { expect, test } from "vitest";
import { align, sections } from "./align.js";

const headings = (markdown: string) => sections(markdown).map(({ heading }) => heading);

test("a text is cut at its headings, and what precedes the first has none", () => {
  expect(headings("start\n\n# One\ntext\n## Two ##\nmore")).toEqual(["", "One", "Two"]);
});

test("headings inside code are none", () => {
  expect(headings("```sh\n# not a heading\n~~~\n# nor this\n```\n# One")).toEqual(["", "One"]);
  expect(headings("```\n```js\n# not a heading\n```\n# One")).toEqual(["", "One"]);
});

test("a heading may be underlined, and lines may end with a carriage return", () => {
  expect(headings("Title\n===\ntext\n\nPart\n---\nmore")).toEqual(["Title", "Part"]);
  expect(headings("# One\r\ntext\r\n```\r\n# no\r\n```\r\nTwo\r\n---\r\n")).toEqual(["One", "Two"]);
  expect(headings("- item\n---\n\n| a |\n| - |\n> said\n---\n\n---\n```\nword\n---\n```")).toEqual([""]);
  expect(headings("- item\n\n  # in an item\n\n> # quoted")).toEqual([""]);
  // As react-markdown has it.
  expect(headings("| a |\n---\n\none\ntwo\n---")).toEqual(["| a |", "one\ntwo"]);
});

const rows = (...texts: string[]) =>
  align(texts.map(sections)).map((cells) => cells.map((cell) => cell?.heading ?? "–").join(" "));

test("equal headings meet, whatever their case and marks", () => {
  expect(rows("# Cost\na\n# Reach\nb", "# Cost:\nc\n# reach\nd")).toEqual(["Cost Cost:", "Reach reach"]);
});

test("a heading that only one text has stands alone, in its place", () => {
  expect(rows("# A\n1\n# C\n3", "# A\n1\n# B\n2\n# C\n3")).toEqual(["A A", "– B", "C C"]);
});

test("titles meet, though they differ; other headings of one text do not", () => {
  const one = "# Notes of one\na\n## Cost\nb";
  expect(rows(one, "# Notes of two\nc\n## Cost\nd")).toEqual(["Notes of one Notes of two", "Cost Cost"]);
  expect(rows(one, "Notes of two\n===\nc\n## Cost\nd")).toEqual(["Notes of one Notes of two", "Cost Cost"]);
  expect(rows(one, "## Reach\nc")).toEqual(["– Reach", "Notes of one –", "Cost –"]);
});

test("a title meets the same heading of a text that has others of its level", () => {
  expect(rows("# A\n1\n# B\n2", "# A\n3")).toEqual(["A A", "B –"]);
  expect(rows("# A\n3", "# A\n1\n# B\n2")).toEqual(["A A", "– B"]);
});

test("a heading that comes twice meets its first and its second", () => {
  expect(rows("# A\n1\n# A\n2", "# A\n3\n# A\n4")).toEqual(["A A", "A A"]);
});

test("every section of every text is shown once", () => {
  const texts = ["# A\n1\n# B\n2", "# B\n3\n# A\n4", "# C\n5"].map(sections);
  const cells = align(texts).flat();
  for (const section of texts.flat()) expect(cells.filter((cell) => cell === section)).toHaveLength(1);
});
