// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const observed = new Set<Element>();
let changed: (elements: readonly Element[]) => void = () => undefined;

class Observer {
  constructor(callback: ResizeObserverCallback) {
    changed = (elements) =>
      callback(
        elements.map((target) => ({ target }) as ResizeObserverEntry),
        this as unknown as ResizeObserver,
      );
  }

  observe(target: Element): void {
    observed.add(target);
  }

  unobserve(target: Element): void {
    observed.delete(target);
  }
}

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("ResizeObserver", Observer);
});

afterEach(() => {
  cleanup();
  observed.clear();
  vi.unstubAllGlobals();
});

function widths(element: HTMLElement, inside: number, own: number): void {
  Object.defineProperty(element, "scrollWidth", { value: inside, configurable: true });
  Object.defineProperty(element, "clientWidth", { value: own, configurable: true });
}

test("words are clipped until they are known to fit, and again where they no longer do", async () => {
  const { Truncated } = await import("./truncated.js");
  const { getByText, unmount } = render(<Truncated>Haiku Writer</Truncated>);
  const line = getByText("Haiku Writer");
  expect(line.className).toContain("truncate");
  expect(line.hasAttribute("data-fits")).toBe(false);
  widths(line, 80, 120);
  act(() => changed([line]));
  expect(line.hasAttribute("data-fits")).toBe(true);
  widths(line, 80, 60);
  act(() => changed([line]));
  expect(line.hasAttribute("data-fits")).toBe(false);
  unmount();
  expect(observed).toEqual(new Set());
});

test("new words are looked at again in a box of the same size", async () => {
  const { Truncated } = await import("./truncated.js");
  const { getByText, rerender } = render(<Truncated>short</Truncated>);
  const line = getByText("short");
  observed.clear();
  rerender(<Truncated>a name that is a good deal longer</Truncated>);
  expect(observed).toEqual(new Set([line]));
});

test("one box is observed for all words of a tile", async () => {
  const { Truncated } = await import("./truncated.js");
  const tile = (more: string) => (
    <div data-fit-scope>
      <div data-fit-box data-testid="box">
        <Truncated>name</Truncated>
      </div>
      <Truncated>{more}</Truncated>
    </div>
  );
  const { getByText, getByTestId, rerender, unmount } = render(tile("cause"));
  const box = getByTestId("box");
  expect(observed).toEqual(new Set([box]));
  const lines = [getByText("name"), getByText("cause")];
  for (const line of lines) widths(line, 80, 120);
  act(() => changed([box]));
  expect(lines.map((line) => line.hasAttribute("data-fits"))).toEqual([true, true]);
  for (const line of lines) widths(line, 80, 60);
  act(() => changed([box]));
  expect(lines.map((line) => line.hasAttribute("data-fits"))).toEqual([false, false]);
  observed.clear();
  rerender(tile("another cause"));
  expect(observed).toEqual(new Set([box]));
  unmount();
  expect(observed).toEqual(new Set());
});
