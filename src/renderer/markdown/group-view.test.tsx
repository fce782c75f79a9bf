// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";
import { measureAll } from "./measures.js";

/** What the page's observers watch, and how they are told that it came near. */
const watched = new Map<Element, () => void>();

class Observer {
  readonly #callback: IntersectionObserverCallback;

  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element): void {
    const entry = { isIntersecting: true, target } as IntersectionObserverEntry;
    watched.set(target, () => this.#callback([entry], this as unknown as IntersectionObserver));
  }

  unobserve(target: Element): void {
    watched.delete(target);
  }
}

beforeEach(() => void vi.stubGlobal("IntersectionObserver", Observer));

afterEach(() => {
  cleanup();
  watched.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const long = Array.from({ length: 80 }, (_, n) => `Paragraph ${n}.\n\n`).join("");

function paragraphs(container: Element): number {
  return container.querySelectorAll("p").length;
}

test("a long document that is opened renders its last groups, and the others when they come near the screen", () => {
  const live = new LiveDocument(long);
  const { container } = render(<LiveMarkdown document={live} revision={live.revision} />);
  const groups = [...container.querySelectorAll<HTMLElement>(".md-group")];
  expect(groups.map(paragraphs).slice(0, 3)).toEqual([0, 0, 0]);
  expect(container.textContent).toContain("Paragraph 79.");
  expect(groups[1]?.style.height).toMatch(/^\d+px$/);
  const group = groups[1];
  if (!group) throw new Error("no second group");
  act(() => watched.get(group)?.());
  const rendered = [...container.querySelectorAll(".md-group")];
  expect(rendered.map(paragraphs).slice(0, 3)).toEqual([0, 8, 0]);
});

test("a document that opens at its start renders that first", () => {
  const live = new LiveDocument(long);
  live.finish();
  const { container } = render(<LiveMarkdown document={live} revision={live.revision} opensAt="start" />);
  const groups = [...container.querySelectorAll(".md-group")];
  expect(groups.map(paragraphs)).toEqual([8, 8, 8, 8, 0, 0, 0, 0, 0, 0]);
  expect(groups.slice(4).every((group) => watched.has(group))).toBe(true);
});

test("groups that were written while it was shown never wait", () => {
  const live = new LiveDocument();
  const { container, rerender } = render(<LiveMarkdown document={live} revision={live.revision} />);
  live.append(long);
  rerender(<LiveMarkdown document={live} revision={live.revision} />);
  expect(paragraphs(container)).toBe(80);
});

test("everything is rendered on demand, and stays", () => {
  const live = new LiveDocument(long);
  const { container, rerender } = render(<LiveMarkdown document={live} revision={live.revision} />);
  expect(paragraphs(container)).toBeLessThan(80);
  rerender(<LiveMarkdown document={live} revision={live.revision} complete />);
  expect(paragraphs(container)).toBe(80);
  const first = container.querySelector("p");
  rerender(<LiveMarkdown document={live} revision={live.revision} />);
  expect(paragraphs(container)).toBe(80);
  expect(container.querySelector("p")).toBe(first);
});

/** A box of 200 px that shows the end: blocks of 40 px, in groups of 8, hang from its bottom. */
function atTheEnd(live: LiveDocument) {
  const box = { current: document.createElement("div") };
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    if (this === box.current) return new DOMRect(0, 0, 300, 200);
    const height = (element: Element) =>
      40 * paragraphs(element) || Number.parseFloat((element as HTMLElement).style.height);
    const groups = [...(this.parentElement?.children ?? [])];
    const below = groups.slice(groups.indexOf(this)).reduce((sum, group) => sum + height(group), 0);
    return new DOMRect(0, 200 - below, 300, height(this));
  });
  const view = (end: typeof box | undefined) => <LiveMarkdown document={live} revision={live.revision} end={end} />;
  const { container, rerender } = render(view(box));
  return {
    container,
    rendered: () => [...container.querySelectorAll(".md-group")].map(paragraphs),
    /** One frame: it measures what the last one has left, and shows the text. */
    write: (text: string) => {
      const letGo = measureAll();
      live.append(text);
      act(() => letGo?.());
      rerender(view(box));
    },
    goBack: () => rerender(view(undefined)),
  };
}

const blocks = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `Paragraph ${from + n}.\n\n`).join("");

test("what has left the box of a reader at the end is let go of, at its height, and comes back with the reader", () => {
  const { container, rendered, write, goBack } = atTheEnd(new LiveDocument(blocks(0, 16)));
  for (let block = 16; block < 81; block += 1) write(blocks(block, block + 1));
  expect(rendered()).toEqual([...Array(8).fill(0), 8, 8, 1]);
  const [first] = container.querySelectorAll<HTMLElement>(".md-group");
  expect(first?.style.height).toBe("320px");
  expect(first && watched.has(first)).toBe(false);
  goBack();
  if (!first) throw new Error("no group");
  act(() => watched.get(first)?.());
  expect(rendered()[0]).toBe(8);
  expect(first.style.height).toBe("");
});

test("of much text that comes at once, only the end is rendered", () => {
  const { rendered, write } = atTheEnd(new LiveDocument(blocks(0, 4)));
  const added = vi.spyOn(Node.prototype, "appendChild");
  write(blocks(4, 500));
  const made = added.mock.calls.filter(([node]) => node instanceof HTMLParagraphElement).length;
  expect(made).toBeGreaterThan(16);
  expect(made).toBeLessThan(100);
  write(blocks(500, 501));
  expect(
    rendered()
      .slice(1, -4)
      .every((count) => count === 0),
  ).toBe(true);
  expect(rendered().at(-1)).toBeGreaterThan(0);
});

test("the browser is left to look at groups only where the reader may come to others", () => {
  const live = new LiveDocument(blocks(0, 20));
  const box = { current: document.createElement("div") };
  const { container, rerender } = render(<LiveMarkdown document={live} revision={live.revision} end={box} />);
  const isAtEnd = () => container.querySelector(".md")?.classList.contains("md-at-end");
  expect(isAtEnd()).toBe(true);
  rerender(<LiveMarkdown document={live} revision={live.revision} end={box} complete />);
  expect(isAtEnd()).toBe(false);
  rerender(<LiveMarkdown document={live} revision={live.revision} />);
  expect(isAtEnd()).toBe(false);
});

test("nothing is let go of while the reader has something selected in it", () => {
  const { container, rendered, write } = atTheEnd(new LiveDocument(blocks(0, 16)));
  const paragraph = container.querySelector("p");
  if (!paragraph) throw new Error("no paragraph");
  document.getSelection()?.selectAllChildren(paragraph);
  for (let block = 16; block < 81; block += 1) write(blocks(block, block + 1));
  expect(rendered()[0]).toBe(8);
  document.getSelection()?.removeAllRanges();
  for (let block = 81; block < 97; block += 1) write(blocks(block, block + 1));
  expect(rendered()[0]).toBe(0);
});
