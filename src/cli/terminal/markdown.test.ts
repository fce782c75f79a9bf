import { Chalk } from "chalk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LiveText } from "./live-text.js";
import { renderMarkdown } from "./markdown.js";
import { printable, stringWidth, toWidth, truncate } from "./text-width.js";

const chalk = new Chalk({ level: 0 });
const render = (text: string, width = 40) => renderMarkdown(text, { width, chalk });

describe("Markdown on a terminal", () => {
  test.each([
    ["a heading", "# One *two*", ["One two"]],
    ["a paragraph", "one\ntwo", ["one", "two"]],
    ["inline marks", "**a** _b_ `c` ~~d~~", ["a b c d"]],
    ["a link", "[Flight](https://example.org/f)", ["Flight (https://example.org/f)"]],
    ["a bare link", "<https://example.org>", ["https://example.org"]],
    ["an image", "![a kite](kite.png)", ["[a kite]"]],
    ["a list", "- a\n- b\n  - c", ["• a", "• b", "  • c"]],
    ["a numbered list", "3. a\n4. b", ["3. a", "4. b"]],
    ["tasks", "- [x] a\n- [ ] b", ["[x] a", "[ ] b"]],
    ["a loose list", "- a\n\n- b", ["• a", "", "• b"]],
    ["a quote", "> a\n>\n> b", ["│ a", "│ ", "│ b"]],
    ["code", "```js\nlet a;\n\n  b\n```", ["  js", "  let a;", "  ", "    b"]],
    ["a rule", "a\n\n---", ["a", "", "────────────────────────"]],
    ["a table", "| a | b |\n| :- | -: |\n| 1 | 22 |", ["a   b", "─  ──", "1  22"]],
    ["entities", "a &amp; b &lt;c&gt;", ["a & b <c>"]],
    ["blocks", "# a\n\nb\n\n\nc", ["a", "", "b", "", "c"]],
  ])("%s", (_, markdown, lines) => {
    expect(render(markdown)).toEqual(lines);
  });

  test("a table that is too wide becomes lists", () => {
    expect(render(`| Name | Text |\n| - | - |\n| a | ${"word ".repeat(12)} |\n| b | c |`)).toEqual([
      "Name a",
      "Text word word word word word word word",
      "word word word word word",
      "",
      "Name b",
      "Text c",
    ]);
  });

  test("what a terminal would take for a command is left out", () => {
    const text = render("a\u001b[2Jb \u009b31mc\u0007 `d\u001b]0;x\u0007` [e](http://x/\u001b[A)").join("\n");
    expect([...text].filter((char) => /\p{Cc}/u.test(char) && char !== "\n")).toEqual([]);
  });

  const markdownish = fc
    .array(
      fc.constantFrom(
        "# ",
        "- ",
        "> ",
        "```\n",
        "| a | b |\n| - | - |\n",
        "**",
        "`",
        "\n",
        "\n\n",
        "word ",
        "漢字 ",
        "👩‍👩‍👧 ",
        "é",
        "https://example.org/long ",
        "<b>",
        "1. ",
        "    ",
        "\u001b[31m",
        "\t",
        "[x](y)",
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(""));

  test("no line is wider than told, whatever the text", () => {
    fc.assert(
      fc.property(markdownish, fc.integer({ min: 30, max: 100 }), (text, width) => {
        for (const line of render(text, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a growing text", () => {
  const growing = (text: string) => ({
    start: 0,
    end: text.length,
    generation: 0,
    slice: (from = 0, to = text.length) => text.slice(from, to),
  });

  test("shows the last lines of the whole, however it grew", () => {
    const whole = Array.from({ length: 80 }, (_, i) => `## Part ${i}\n\nSome words of part ${i}.\n\n- a\n- b\n`).join(
      "\n",
    );
    const live = new LiveText();
    for (let end = 1; end < whole.length; end += 97) live.lines(growing(whole.slice(0, end)), { width: 40, chalk }, 8);
    expect(live.lines(growing(whole), { width: 40, chalk }, 8)).toEqual(render(whole).slice(-8));
  });

  test("reads only its end", () => {
    const whole = "A paragraph of some words.\n\n".repeat(4000);
    const live = new LiveText();
    live.lines(growing(whole), { width: 40, chalk }, 8);
    let read = 0;
    const counted = {
      ...growing(whole),
      slice(from = 0) {
        read += whole.length - from;
        return whole.slice(from);
      },
    };
    live.lines(counted, { width: 40, chalk }, 8);
    expect(read).toBeLessThan(1000);
  });
});

describe("width", () => {
  test.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["漢字漢字", 5, "漢字…"],
    ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
    ["abc", 0, ""],
  ])("%s in %i columns", (text, columns, cut) => {
    expect(truncate(text, columns)).toBe(cut);
  });

  test("filled up to the column", () => {
    expect(toWidth("漢", 4)).toBe("漢  ");
    expect(toWidth("ab", 4, "right")).toBe("  ab");
    expect(printable("a\r\nb\tc\u200e")).toBe("a\nb    c");
  });
});
