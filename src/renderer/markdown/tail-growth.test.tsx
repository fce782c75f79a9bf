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

/** White space at the end of a line, and of a text that is no code, cannot be seen, and is shown by some blocks only. */
function visible({ innerHTML }: Element): string {
  return innerHTML.replace(/[ \t]+(?=<)|\s+(?=<\/(?:p|li|h\d|strong|em|del)>)/g, "");
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
])("words are added to %s without a render", (_what, text, more) => {
  const { append, container } = open(text);
  expect(append(more)).toBe(true);
  expect(visible(container)).toBe(rendered(text + more));
});

test.each([
  ["closes an emphasis", "so **bold", "er** text"],
  ["follows what was an emphasis", "so **bold** and **", "b"],
  ["ends a paragraph", "one", "\n\n"],
  ["ends a paragraph after a line's end", "one", "\n- two"],
  ["may underline", "one", "\n-\n"],
  ["ends a heading", "# one", "\n- "],
  ["ends an item", "- one", "\n- two"],
  ["ends a row", "| a |\n| - |\n| b", "\n"],
  ["breaks a line", "one ", " \ntwo"],
  ["ends a line of a code span", "so `one", "\ntwo"],
  ["follows a closed emphasis", "so _bold_", " text"],
  ["may be a link", "see www", ".example"],
  ["goes on with what may be a link", "see www.", "example"],
  ["goes on with a link", "www.a.", "b"],
  ["goes on with an address", "a@b.c-", "d"],
  ["may close a link", "see [x](http", "s)"],
  ["makes a list", "1", ". one"],
  ["ends a cell", "| a | b |\n| - | - |\n| c", " | d"],
  ["is in no column", "| a |\n| - |\n| b | b", "c"],
  ["is in a cell with an escaped bar", "| a | b |\n| - | - |\n| c \\| d", " e"],
  ["may end a reference", "a &amp", "; b"],
  ["is the address of a link", "[a](a", "b"],
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
      const { append, container, unmount } = open("");
      let text = "";
      for (const more of texts) {
        text += more;
        if (append(more)) grown += 1;
        expect(visible(container)).toBe(rendered(text));
      }
      unmount();
    }),
    { numRuns: 300 },
  );
  expect(grown).toBeGreaterThan(50);
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
  expect(append(" that *came*")).toBe(false);
  expect(selection?.toString()).toBe("first");
  expect(container.querySelector("p")?.textContent).toBe("The first words of many that came");
});
