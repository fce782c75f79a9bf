// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";
import { TailGrowth } from "./tail-growth.js";

// Everything is near the screen.
beforeEach(() => void vi.stubGlobal("IntersectionObserver", undefined));

afterEach(() => {
  vi.unstubAllGlobals();
  cleanup();
  document.getSelection()?.removeAllRanges();
  document.dispatchEvent(new Event("selectionchange"));
});

function open(content: string) {
  const live = new LiveDocument(content);
  const growth = new TailGrowth();
  const view = () => <LiveMarkdown document={live} revision={live.revision} growth={growth} />;
  const { container, rerender, unmount } = render(view());
  return {
    live,
    growth,
    container,
    unmount,
    /** Returns whether no render was needed. */
    append(text: string): boolean {
      live.append(text);
      const grew = growth.grow(live);
      if (!grew) rerender(view());
      return grew;
    },
    finish() {
      live.finish();
      rerender(view());
    },
  };
}

/** The HTML that a document of this text has when it is rendered at once. */
function rendered(text: string): string {
  const { container, unmount } = open(text);
  const html = visible(container);
  unmount();
  return html;
}

/** White space at the end of a line, of a text that is no code, and before a paragraph in an item, cannot be seen, and is shown by some blocks only. */
function visible({ innerHTML }: Element): string {
  return innerHTML.replace(/[ \t]+(?=<)|\s+(?=<\/(?:p|li|h\d|strong|em|del)>)|(?<=<li[^>]*>)\s+/g, "");
}

test.each([
  ["a paragraph", "Some words", " and more, it's said."],
  ["a paragraph after a space", "Some words ", "and more"],
  ["a heading", "## Wings", " of wax"],
  ["a list item", "- one\n- tw", "o and a half"],
  ["a nested item", "1. a\n   - nes", "ted one"],
  ["a quote", "> said", " he"],
  ["text after emphasis", "**Bold** and", " plain"],
  ["an emphasis that is open", "so **bold", "er, and more"],
  ["an emphasis in an emphasis", "so **bold and _sla", "nted"],
  ["a code span that is open", "the `rate", " of"],
  ["what is in brackets", "as (they", " say); so"],
  ["a line, and to the next one", "one", "\ntwo\nthree"],
  ["a line that ended", "one", " two\n"],
  ["an item that ended", "- one", " more\n  - "],
  ["a heading that ended", "# one", " more\n"],
  ["an emphasis over two lines", "so **bold", "er\nand more"],
  ["a cell", "| a | b |\n| - | - |\n| c", " d"],
  ["the last cell", "| a | b |\n| - | - |\n| c | d", " e; f"],
  ["open code", "```ts\nlet a", " = b * c; // <div>"],
  ["a line of code", "```ts\nlet a;\n", "let b;"],
  ["code, and lines of it", "~~~\nlet a", ";\n\n  let b;\n"],
  ["an emphasis that ends", "so **bold", "er** text"],
  ["an emphasis that ends a sentence", "so _slanted", "_, more"],
  ["an emphasis that begins", "so", " **bold"],
  ["an emphasis that begins and ends", "so", " _slanted_ and"],
  ["one after another", "so", " **bold** and `code` and *slanted* words"],
  ["what follows a mark", "so **bold** and **", "b"],
  ["what follows an emphasis", "so _bold_", " text"],
  ["a mark that may close", "so **bold", "er**"],
  ["half of a mark that may close", "so **bold", "er*"],
  ["a mark that may open", "so", " **"],
  ["a mark that may open a cell", "| a | b |\n| - | - |\n| c", " | **"],
  ["what follows a link", "see [x](u)", " and more"],
  ["brackets that open", "see", " [the word"],
  ["a bracket", "see", " ["],
  ["a code span that ends", "the `ra", "te_1` of `src/a.ts` it"],
  ["an emphasis in a heading", "# one", " **two** three"],
  ["an emphasis in an item", "- one", " **two** three"],
  ["an emphasis in a quote", "> one", " **two** three"],
  ["a row that ended", "| a |\n| - |\n| b", "\n"],
  ["a cell that ended", "| a | b |\n| - | - |\n| c", " |"],
  ["the next cell", "| a | b |\n| - | - |\n| c", " | d"],
  ["the next cell but one", "| a | b | c |\n| - | -: | - |\n| d", " || **e** f"],
  ["the next rows", "| a | b |\n| - | -: |\n| c | d |", "\n| e | f |\n| g | `h"],
  ["as many rows as may be added", "| a |\n| - |\n| b", " |\n| c".repeat(16)],
  ["the head's next cell", "| a", " | b"],
  ["a head, whose delimiters are not shown", "| a | b", " |\n| - | :-"],
  ["brackets", "so [words", " in brackets"],
  ["brackets that end", "so [words", " in](https://a.b/c"],
  ["an address", "so [words](https://a", ".b/c-d"],
])("words are added to %s without a render", (_what, text, more) => {
  const { append, container } = open(text);
  expect(append(more)).toBe(true);
  expect(visible(container)).toBe(rendered(text + more));
});

test.each([
  ["ends a paragraph", "one", "\n\n"],
  ["ends a paragraph after a line's end", "one", "\n- two"],
  ["may underline", "one", "\n-\n"],
  ["ends a heading", "# one", "\n- "],
  ["ends an item", "- one", "\n- two"],
  ["breaks a line", "one ", " \ntwo"],
  ["ends a line of a code span", "so `one", "\ntwo"],
  ["may be a link", "see www", ".example"],
  ["goes on with what may be a link", "see www.", "example"],
  ["goes on with a link", "www.a.", "b"],
  ["goes on with an address", "a@b.c-", "d"],
  ["may close a link", "see [x](http", "s)"],
  ["makes a list", "1", ". one"],
  ["goes on after what might have been a mark", "so **", " bold"],
  ["goes on after what might have closed", "so **bold**", "er"],
  ["goes on after a link", "see [x](u)", "s"],
  ["is a mark of another kind", "so **bold", "er* text"],
  ["closes a mark within a word", "so _slan", "_ted"],
  ["stands beside a mark that is shown", "2 * 3 is six so", " *it* is"],
  ["is the row after the last that may be added", "| a |\n| - |\n| b", " |\n| c".repeat(17)],
  ["ends a table", "| a |\n| - |\n| b", " |\n\n"],
  ["is a row without a bar", "| a |\n| - |\n| b", " |\nc"],
  ["is a column without a name", "| a", " | | b"],
  ["gives a table its delimiters", "| a | b", " |\n| - | :-: |\n"],
  ["ends an address", "so [words](https://a", ".b) now"],
  ["is the address of a picture", "so ![words](https://a", ".b"],
  ["is in no column", "| a |\n| - |\n| b | b", "c"],
  ["is in a cell with an escaped bar", "| a | b |\n| - | - |\n| c \\| d", " e"],
  ["may end a reference", "a &amp", "; b"],
  ["ends the address of a link", "[x](u(u)", ")"],
  ["is more lines than one element has", `\`\`\`\n${"x\n".repeat(31)}`, "y\nz"],
  ["may be outdented code", "   ```\n   x", "\n   y"],
  ["may end the item around code", "- ```\n  x", "\ny"],
  ["closes a fence", "```\nx", "\n```"],
  ["starts a block", "one\n\n", "two"],
  ["goes on with a mark that is not shown", "- x\n- [x", "y"],
])("text that %s is rendered", (_what, text, more) => {
  const { append, container } = open(text);
  expect(append(more)).toBe(false);
  expect(visible(container)).toBe(rendered(text + more));
});

test("of two views of one document, each shows all of it, whichever of them needs a render", () => {
  const live = new LiveDocument("Some");
  const views = [new TailGrowth(), new TailGrowth()].map((growth) => {
    const view = () => <LiveMarkdown document={live} revision={live.revision} growth={growth} />;
    const { container, rerender } = render(view());
    const update = () => growth.grow(live) || rerender(view());
    return { container, update, render: () => rerender(view()) };
  });
  const [first, second] = views;
  const shown = () => views.map(({ container }) => container.textContent);
  live.append(" words");
  for (const view of views) view.update();
  live.append(" and more");
  first?.render();
  live.append(" of");
  for (const view of views) view.update();
  expect(shown()).toEqual(Array(2).fill("Some words and more of"));
  live.append(" them");
  second?.render();
  first?.update();
  live.append(" all");
  for (const view of views) view.update();
  expect(shown()).toEqual(Array(2).fill("Some words and more of them all"));
});

test("text that takes a render is rendered without its owner, unless the document has begun anew", () => {
  const { live, growth, container, unmount } = open("Some words");
  const show = (change: () => void) => {
    change();
    let shown = false;
    act(() => {
      shown = growth.show(live);
    });
    return shown;
  };
  expect(show(() => live.append(" and *more*"))).toBe(true);
  expect(visible(container)).toBe(rendered("Some words and *more*"));
  expect(show(() => live.append(" of them\n\n- all"))).toBe(true);
  expect(visible(container)).toBe(rendered("Some words and *more* of them\n\n- all"));
  expect(show(() => live.reset("Other words"))).toBe(false);
  unmount();
  expect(show(() => live.append(" *too*"))).toBe(false);
});

const pieces = fc.constantFrom(
  ...[
    "word",
    " ",
    "a",
    "1",
    ".",
    ". ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "# ",
    "> ",
    "| ",
    "|\n| - |\n",
    "```\n",
    "    ",
    "  ",
  ],
  ...[
    "*",
    "**",
    "_",
    "`",
    "[x]",
    "(u)",
    "[x](u",
    ")",
    "www.",
    "http:",
    "//a.b",
    "a@b.c",
    "<b>",
    "&amp",
    ";",
    "~~",
    "!",
  ],
  ..."-=é,".split(""),
);

test("shown without a render or with one, the same text looks the same", () => {
  let grown = 0;
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 2, maxLength: 24 }), (texts) => {
      const { append, container } = open("");
      let text = "";
      for (const more of texts) {
        text += more;
        if (append(more)) grown += 1;
        expect(visible(container)).toBe(rendered(text));
      }
      cleanup();
    }),
    { numRuns: 300 },
  );
  expect(grown).toBeGreaterThan(50);
});

const words = fc.constantFrom("word", "it's", "of", "a", "12", "so,", "end.", "(as", "x)", "snake_case", "é");
const spans = fc
  .tuple(fc.constantFrom("**", "*", "_", "`", "~~", "__", "***"), fc.array(words, { minLength: 1, maxLength: 3 }))
  .map(([mark, inside]) => `${mark}${inside.join(" ")}${mark}`);
const links = fc.constantFrom(
  "[a link](https://a.b/c_d)",
  "![x](u)",
  "www.a.b",
  "[x]",
  "`a|b",
  "2 * 3",
  "\\*",
  "&amp;",
  "<b>",
);
const phrase = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 6, arbitrary: words }, { weight: 3, arbitrary: spans }, { weight: 1, arbitrary: links }),
      fc.constantFrom(" ", " ", " ", ", ", ". ", "", "  "),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.flat().join(""));
const row = fc.array(phrase, { minLength: 1, maxLength: 4 }).map((cells) => `| ${cells.join(" | ")} |`);
const table = fc
  .tuple(
    row,
    fc.constantFrom("| - | :-: |", "| - |", "|---|--:|---|"),
    fc.array(fc.oneof(row, phrase), { maxLength: 4 }),
  )
  .map(([head, delimiters, rows]) => [head, delimiters, ...rows].join("\n"));
const block = fc.oneof(
  { weight: 3, arbitrary: fc.array(phrase, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")) },
  { weight: 3, arbitrary: table },
  phrase.map((text) => `## ${text}`),
  phrase.map((text) => `> ${text}`),
  fc.array(phrase, { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `- ${item}`).join("\n")),
);

test("a document looks the same however it was cut", () => {
  let grown = 0;
  const cuts = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 3 }), cuts, (blocks, lengths) => {
      const text = blocks.join("\n\n");
      const { append, container } = open("");
      for (let from = 0, part = 0; from < text.length; part += 1) {
        const more = text.slice(from, from + (lengths[part % lengths.length] ?? 1));
        from += more.length;
        if (append(more)) grown += 1;
        expect(visible(container)).toBe(rendered(text.slice(0, from)));
      }
      cleanup();
    }),
    { numRuns: 100 },
  );
  expect(grown).toBeGreaterThan(400);
});

test("a word that may go on with a link before a marker takes a render", () => {
  const { append, container } = open("www.word*;");
  expect(append("word")).toBe(false);
  expect(visible(container)).toBe(rendered("www.word*;word"));
  const other = open("see *th");
  expect(other.append("is")).toBe(true);
});

test("a selection in the growing text survives words and renders", () => {
  const { append, container } = open("The first words");
  const text = container.querySelector("p")?.firstChild;
  if (!text) throw new Error("No text");
  const selection = document.getSelection();
  selection?.setBaseAndExtent(text, 4, text, 9);
  document.dispatchEvent(new Event("selectionchange"));
  expect(append(" of many")).toBe(true);
  expect(selection?.toString()).toBe("first");
  expect(append(" that *came*")).toBe(true);
  expect(append("! ~~Not~~")).toBe(false);
  expect(selection?.toString()).toBe("first");
  expect(container.querySelector("p")?.textContent).toBe("The first words of many that came! Not");
  const grown = container.querySelector("em")?.firstChild;
  if (!grown) throw new Error("No emphasis");
  selection?.setBaseAndExtent(grown, 1, grown, 3);
  document.dispatchEvent(new Event("selectionchange"));
  expect(append(" and ~~more~~")).toBe(false);
  expect(selection?.toString()).toBe("am");
});
