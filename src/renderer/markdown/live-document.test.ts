import { expect, test, vi } from "vitest";
import { LiveDocument } from "./live-document.js";

const parsed = vi.hoisted(() => ({ units: 0 }));

vi.mock(import("./parse-markdown.js"), async (original) => {
  const real = await original();
  return {
    parseMarkdown: (source) => {
      parsed.units += source.length;
      return real.parseMarkdown(source);
    },
    parseBlocks: (source) => {
      parsed.units += source.length;
      return real.parseBlocks(source);
    },
  };
});

const repeat = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join("");

/** Feeds `text` as it would be streamed; `longest` is the most that was ever open, in UTF-16 units. */
function stream(text: string): { document: LiveDocument; longest: number; parsedUnits: number } {
  const document = new LiveDocument();
  parsed.units = 0;
  let longest = 0;
  for (let from = 0; from < text.length; from += 50) {
    document.append(text.slice(from, from + 50));
    if (document.tail?.kind !== "fence") longest = Math.max(longest, document.tail?.source.length ?? 0);
  }
  document.finish();
  void document.groups;
  return { document, longest, parsedUnits: parsed.units };
}

test.each([
  ["sections", repeat(60, (n) => `## Part ${n}\n\nSome **text** here.\n\n- one\n- two\n\n\`\`\`\ncode\n\`\`\`\n\n`)],
  ["one list", repeat(400, (n) => `- **Entry** ${n} of a list that goes on\n`)],
  ["one loose, numbered list", repeat(300, (n) => `${n + 1}. entry ${n}\n\n   with a second paragraph\n\n`)],
  ["one list with code in its items", repeat(100, (n) => `- entry ${n}\n\n  \`\`\`\n  a\n\n  b\n  \`\`\`\n`)],
  ["one table", `| a | b |\n| - | - |\n${repeat(500, (n) => `| ${n} | some \`text\` |\n`)}`],
  ["one fence", `\`\`\`ts\n${repeat(600, (n) => `const a${n} = "- not a list";\n`)}`],
  ["headings and text without blank lines", repeat(200, (n) => `# Part ${n}\ntext ${n}\n- item\n`)],
])("%s: what is parsed grows with the text, and what stays open does not", (_what, text) => {
  const { longest, parsedUnits } = stream(text);
  expect(parsedUnits / text.length).toBeLessThan(6);
  expect(longest).toBeLessThan(1_500);
});

test.each([
  ["a heading", "## Part", "markdown"],
  ["a quote", "> said", "markdown"],
  ["a list", "- one\n- two", "list"],
  ["a numbered list", "3) **three**\n4) four", "list"],
])("%s is known by its first characters: nothing is parsed to cut it off", (_what, block, kind) => {
  const { document, parsedUnits } = stream(`Some text\n\n${block}\n\nand more\n\n`);
  expect(document.groups.flatMap(({ blocks }) => blocks.map((each) => each.kind))).toEqual([
    "markdown",
    kind,
    "markdown",
  ]);
  expect(parsedUnits).toBe(0);
});

test("nothing is cut up before somebody looks", () => {
  parsed.units = 0;
  const document = new LiveDocument();
  for (let n = 0; n < 100; n += 1) document.append("- **a**\n");
  expect(parsed.units).toBe(0);
  expect(document.length).toBe(800);
  expect(document.groups[0]?.blocks[0]?.kind).toBe("list");
});

test("groups hold eight blocks, and keep their identity once they are full", () => {
  const document = new LiveDocument(repeat(8, (n) => `Paragraph ${n}\n\n`));
  document.append("Next\n\n");
  const [first] = document.groups;
  expect(first?.blocks).toHaveLength(8);
  document.append("More\n\nand more\n\n");
  expect(document.groups[0]).toBe(first);
  expect(document.groups[1]?.blocks).toHaveLength(2);
});

test("a late definition replaces only the pieces that refer to it", () => {
  const document = new LiveDocument("See [a].\n\nSee [b].\n\nText\n\n");
  document.append("x");
  const before = document.groups[0]?.blocks ?? [];
  document.append("\n\n[B]: https://example.org\n\ny");
  const after = document.groups[0]?.blocks ?? [];
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(after[2]).toBe(before[2]);
});

test("tells its listeners, and counts its revisions", () => {
  const document = new LiveDocument();
  const listener = vi.fn();
  const stop = document.subscribe(listener);
  const first = document.revision;
  document.append("a");
  document.append("");
  document.finish();
  document.finish();
  expect(listener).toHaveBeenCalledTimes(2);
  expect(document.revision).toBe(first + 2);
  stop();
  document.append("b");
  expect(listener).toHaveBeenCalledTimes(2);
});

test("knows where in the stream it starts", () => {
  const document = new LiveDocument();
  document.reset("later text", 5_000);
  expect([document.baseOffset, document.length, document.text]).toEqual([5_000, 10, "later text"]);
});
