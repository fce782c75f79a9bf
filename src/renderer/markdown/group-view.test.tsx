// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";

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
  expect(rendered.map(paragraphs).slice(0, 3)).toEqual([0, 16, 0]);
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
