// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";

// Everything is near the screen.
beforeEach(() => void vi.stubGlobal("IntersectionObserver", undefined));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  cleanup();
  document.getSelection()?.removeAllRanges();
  document.dispatchEvent(new Event("selectionchange"));
});

function open(content = "") {
  const live = new LiveDocument(content);
  const onLink = vi.fn(() => true);
  const view = () => <LiveMarkdown document={live} revision={live.revision} onLink={onLink} />;
  const { container, rerender } = render(view());
  return {
    container,
    live,
    onLink,
    append(text: string) {
      live.append(text);
      rerender(view());
    },
    finish() {
      live.finish();
      rerender(view());
    },
    reset(text: string) {
      live.reset(text);
      rerender(view());
    },
    one(selector: string): Element {
      const found = container.querySelectorAll(selector);
      expect(found.length, selector).toBe(1);
      return found[0] as Element;
    },
    texts: (selector: string) => [...container.querySelectorAll(selector)].map((element) => element.textContent),
  };
}

describe("the open end", () => {
  test.each([
    ["a paragraph", "Some words * 2", "p", "Some words * 2"],
    ["emphasis that is open", "Some **strong words*", "p strong", "strong words"],
    ["no mark that may open something", "Some words **", "p", "Some words"],
    ["a mark that opens nothing", "Some words * ", "p", "Some words * "],
    ["emphasis that is open in a table's first line", "| a | so **stro", "th:last-child strong", "stro"],
    ["a code span that is open", "Some `wor", "p code", "wor"],
    ["a link that is open", "See [the archive](https://ex", "p", "See the archive"],
    ["a picture that is open", "See ![the archive](https://ex", "p", "See the archive"],
    ["a table's first line", "| a | b | c", "thead th:last-child", "c"],
    ["a table's second line while it comes", "| a | b |\n| -", "thead th:last-child", "b"],
    ["a task", "- [x] do it", "li:has(input[checked])", " do it"],
    ["code with a star", "    a = *b", "pre code", "a = *b"],
    ["a heading", "## Wings", "h2", "Wings"],
    ["emphasis that is closed", "**bold** and `code`", "p strong", "bold"],
    ["a fence that is not closed", "```ts\nlet a", "pre code.language-ts", "let a"],
    ["a fence that is being closed", "```\nlet a\n``", "pre code", "let a\n"],
    ["a fence of another kind", "~~~\nlet a\n``", "pre code", "let a\n``"],
    ["emphasis that ends with a space", "so ~~struck    ", "p del", "struck"],
    ["a list", "- one\n- tw", "ul > li:last-child", "tw"],
    ["a quote", "> said\n> an", "blockquote p", "said\nan"],
    ["a table row", "| a | b |\n| - | - |\n| 1 | tw", "tbody td:last-child", "tw"],
    ["character references", "a &amp; b &#169; &rarr;", "p", "a & b \u00a9 \u2192"],
  ])("shows %s", (_what, text, selector, shown) => {
    const { one } = open(text);
    expect(one(selector).textContent).toBe(shown);
  });

  test.each([
    ["a list after a paragraph", "Here are points:\n", "- one\n- two", "h1, h2"],
    ["a rule", "Before\n\n", "---\n\nAfter", "ul"],
    ["a list of stars", "These:\n", "* one", "em"],
    ["a numbered list", "These:\n", "1. one", "em"],
    ["a nested list", "- one\n", "  - two", "h1, h2"],
    ["tasks", "These:\n\n", "- [ ] one\n- [x] two", "h1, h2"],
    ["a table", "", "| Place | Count |\n| - | - |\n| x | y", "p"],
    ["a fence", "So:\n", "```ts\nlet a", "h1, h2"],
  ])("shows no mark of %s before it shows what the mark is for", (_what, before, more, never) => {
    const { append, container } = open(before);
    for (const unit of more) {
      append(unit);
      expect(container.textContent).not.toMatch(/[-*|`[\]]|1\./);
      expect(container.querySelector(never)).toBeNull();
      for (const item of container.querySelectorAll("li")) expect(item.textContent).not.toBe("");
    }
  });

  test.each(["-", "--", "---", "=", "- ", "- [x]"])("keeps the paragraph before a last line of %j", (line) => {
    const { one, container, append } = open(`Words\n${line}`);
    expect(one("p.md-caret").textContent).toBe("Words");
    append("\n\n");
    expect(container.querySelector("h1, h2, ul")).not.toBeNull();
  });

  test.each([
    ["text"],
    ["- item"],
    ["```\ncode"],
    ["> quote"],
    ["| a |\n| - |\n| b"],
    ["| a | b"],
    ["| a |\n| -"],
    ["| a | b |\n| - | - |\n| c"],
    ["1. a\n   - nested"],
    ["- a\nb    "],
    ["1. |\n| - |\nb  "],
  ])("carries one caret in %j, and none once finished", (text) => {
    const { one, finish, container } = open(text);
    one(".md-caret");
    finish();
    expect(container.querySelector(".md-caret")).toBeNull();
  });

  test("keeps the elements when it becomes finished", () => {
    const { append, finish, one } = open("Some **bold** and [a link](https://example.org) here");
    const [paragraph, strong, link] = [one("p"), one("strong"), one("a")];
    append(" and there.\n\nNext");
    expect(one("p:first-child")).toBe(paragraph);
    expect(one("strong")).toBe(strong);
    expect(one("a")).toBe(link);
    finish();
    expect(one("strong")).toBe(strong);
  });

  test.each([
    ["list items", "- one\n- two\n", "li:first-child", "- three\n- four\n\nEnd.\n\n"],
    ["an item that is still written", "- one\n- two", "li:nth-child(2)", " or more\n- three\n- four\n\nEnd.\n\n"],
    ["code", "```js\nlet a = 1;\n", "pre", "let b;\n```\n\nEnd.\n\n"],
    ["quotes", "> one\n", "blockquote", "> two\n\nEnd.\n\n"],
    ["headings", "# Wings", "h1", " and wires\n\nEnd.\n\n"],
    ["tables", "| a |\n| - |\n| 1 |\n", "tbody tr:first-child", "| 2 |\n\nEnd.\n\n"],
  ])("keeps the elements of %s while they grow and when they finish", (_what, first, selector, more) => {
    const { append, finish, one } = open(first);
    const element = one(selector);
    for (const unit of more) {
      append(unit);
      expect(one(selector)).toBe(element);
    }
    finish();
    expect(one(selector)).toBe(element);
  });

  test("keeps a selection while text arrives and when the block finishes", () => {
    const { append, one } = open("Keep this selected");
    const text = one("p").firstChild;
    if (!text) throw new Error("no text");
    document.getSelection()?.setBaseAndExtent(text, 5, text, 9);
    document.dispatchEvent(new Event("selectionchange"));
    expect(String(document.getSelection())).toBe("this");
    append(" while more arrives");
    expect(String(document.getSelection())).toBe("this");
    append(", **and more**.\n\nAnother paragraph");
    expect(String(document.getSelection())).toBe("this");
  });
});

describe("finished blocks", () => {
  test("come as soon as the line that closes a fence is whole", () => {
    const { append, one, container } = open("```js\nlet a;\n```");
    expect(container.querySelector(".md-copy")).toBeNull();
    append("\n");
    one(".md-copy");
    expect(one("pre code").textContent).toBe("let a;\n");
  });

  test("end a fence where lines end with a carriage return, too", () => {
    const { append, one, texts } = open("```ts\r\nlet a;\r\n\r\nlet b;\r\n``");
    expect(one("pre code.language-ts").textContent).toBe("let a;\r\n\r\nlet b;\r\n");
    append("`\r");
    expect(one("pre").textContent).toBe("let a;\r\n\r\nlet b;\r\n");
    append("\nAnd then\r\n\r\n~~~\r\nlet c;\r\n~~~\r\nthe");
    expect(texts("pre")).toEqual(["let a;\r\n\r\nlet b;\n", "let c;\n"]);
    expect(texts("p")).toEqual(["And then", "the"]);
  });

  test("are not touched by what follows", () => {
    const { append, container } = open();
    for (let n = 0; n < 20; n += 1) append(`Paragraph ${n} with **bold**.\n\n`);
    append("The end");
    const groups = [...container.querySelectorAll(".md-group")];
    const watched = groups.slice(0, -1);
    expect(watched.length).toBe(2);
    const observers = watched.map((group) => {
      const observer = new MutationObserver(() => undefined);
      observer.observe(group, { subtree: true, childList: true, characterData: true, attributes: true });
      return observer;
    });
    append(" grows");
    append(" and ends.\n\n");
    expect(observers.flatMap((observer) => observer.takeRecords())).toEqual([]);
  });

  test("become links when their definition arrives", () => {
    const { append, one, container } = open("See [the log] there.\n\n- an item [the log]\n\nText");
    expect(container.querySelectorAll("a")).toHaveLength(0);
    append(".\n\n[the log]: https://example.org/log\n\nand");
    expect(one("p > a").getAttribute("href")).toBe("https://example.org/log");
    one("li > a");
  });

  test("are numbered by the first reference to each footnote", () => {
    const { append, texts } = open("One[^b], two[^a].\n\nThree[^b].\n\n[^a]: A\n\nText");
    expect(texts(".md-group sup")).toEqual(["1"]);
    append(".\n\n[^b]: B\n\nThe end");
    expect(texts(".md-group sup")).toEqual(["1", "2", "1"]);
    expect(texts(".footnotes li").map((text) => text?.trim()[0])).toEqual(["B", "A"]);
  });

  test("turn loose together when a blank line separates two items", () => {
    const { append, texts } = open("- one\n- two\n");
    expect(texts("li > p")).toEqual([]);
    append("\n- three\n- four");
    expect(texts("li > p").slice(0, 3)).toEqual(["one", "two", "three"]);
  });
});

describe("safety", () => {
  test.each([
    ["https://example.org/a?b=1", true],
    ["http://example.org", true],
    ["mailto:someone@example.org", true],
    ["javascript:alert(1)", false],
    ["JaVaScRiPt:alert(1)", false],
    ["java&#10;script:alert(1)", false],
    ["data:text/html,<script>1</script>", false],
    ["vbscript:x", false],
    ["file:///etc/hosts", false],
    ["/relative", false],
    ["//example.org/protocol-relative", false],
    ["app://flockdeck/index.html", false],
  ])("a link to %s is live: %s", (href, live) => {
    for (const finished of [false, true]) {
      const { container, finish } = open(`[text](<${href}>)`);
      if (finished) finish();
      const link = container.querySelector("a");
      if (live) {
        expect(link?.getAttribute("href")).toBe(href);
        expect(link?.getAttribute("target")).toBe("_blank");
        expect(link?.getAttribute("rel")).toBe("noopener noreferrer");
      } else {
        expect(link).toBeNull();
        expect(container.textContent).toContain("text");
      }
    }
  });

  test.each([
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<iframe src='https://example.org'></iframe>\n\n<svg onload=alert(1)>",
    "- <b>bold</b>\n\n> <style>*{}</style>",
  ])("raw HTML is shown as text: %j", (html) => {
    const { container, finish } = open(html);
    for (const state of ["open", "finished"]) {
      if (state === "finished") finish();
      expect(container.querySelector("script, img, iframe, svg, b, style"), state).toBeNull();
    }
    expect(container.textContent).toContain("<");
  });

  test("an image is not fetched, but named and linked", () => {
    for (const finished of [false, true]) {
      const { container, finish, one } = open("![A kite](https://example.org/kite.png)");
      if (finished) finish();
      expect(container.querySelector("img")).toBeNull();
      expect(one(".md-image a").textContent).toBe("A kite");
      expect(one(".md-image a").getAttribute("href")).toBe("https://example.org/kite.png");
    }
  });

  test("a followed link is told, with its address", () => {
    const { one, onLink } = open("[x](https://example.org/x)\n\n");
    expect(fireEvent.click(one("a"))).toBe(false);
    expect(onLink).toHaveBeenCalledWith("https://example.org/x");
  });
});

describe("code", () => {
  test("is coloured once its block is closed, keeping its text", async () => {
    const { append, container, one } = open("```js\nconst a = 'b';\n");
    expect(container.querySelector("[class^='hljs']")).toBeNull();
    append("```\n\nText");
    await waitFor(() => expect(container.querySelector(".hljs-keyword")?.textContent).toBe("const"));
    expect(one("pre").textContent).toBe("const a = 'b';\n");
  });

  test("is cut into parts of 32 lines", () => {
    const code = Array.from({ length: 70 }, (_, n) => `line ${n}\n`).join("");
    const { texts, finish } = open(`\`\`\`\n${code}`);
    const parts = texts(".md-code-part");
    expect(parts).toHaveLength(3);
    expect(parts.join("")).toBe(code);
    finish();
    expect(texts(".md-code-part")).toEqual(parts);
  });

  test("can be copied", async () => {
    const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    const { finish } = open("```\nlet a;\n```");
    finish();
    fireEvent.click(screen.getByRole("button", { name: "Copy code" }));
    await screen.findByRole("button", { name: "Code copied" });
    expect(writeText).toHaveBeenCalledWith("let a;");
  });

  test("can be copied from a page of plain http, which has no clipboard", async () => {
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue(undefined as unknown as Clipboard);
    let copied = "";
    document.execCommand = () => {
      copied = document.querySelector("textarea")?.value ?? "";
      return true;
    };
    const { finish } = open("```\nlet a;\n```");
    finish();
    fireEvent.click(screen.getByRole("button", { name: "Copy code" }));
    await screen.findByRole("button", { name: "Code copied" });
    expect(copied).toBe("let a;");
  });

  test("says so when it cannot be copied", async () => {
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("denied"));
    document.execCommand = () => false;
    const { finish } = open("```\nlet a;\n```");
    finish();
    fireEvent.click(screen.getByRole("button", { name: "Copy code" }));
    await screen.findByRole("button", { name: /could not copy/i });
  });
});

describe("starting over", () => {
  test("a reset leaves nothing of what was there", () => {
    const { reset, container, append } = open("# Old\n\ntext [r]\n\n[r]: https://example.org\n\n");
    reset("New [r]");
    append(" text");
    expect(container.textContent).toBe("New [r] text");
    expect(container.querySelector("a")).toBeNull();
  });

  test("text after the end opens the document again", () => {
    const { append, finish, texts, one } = open("One\n\nTwo");
    finish();
    append(" and more");
    expect(texts("p")).toEqual(["One", "Two and more"]);
    one(".md-caret");
  });
});
