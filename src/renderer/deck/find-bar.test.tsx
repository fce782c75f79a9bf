// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FindBar } from "./find-bar.js";

const marks = new Map<string, Set<Range>>();

beforeEach(() => {
  vi.stubGlobal("CSS", { highlights: marks });
  vi.stubGlobal("Highlight", Set);
});

afterEach(() => {
  cleanup();
  marks.clear();
  vi.unstubAllGlobals();
});

/** A text with a search over it. */
function open(content: string, parent: Element = document.body) {
  const root = { current: document.createElement("div") };
  root.current.textContent = content;
  parent.append(root.current);
  const onReveal = vi.fn();
  const onClose = vi.fn();
  const kept = { query: "", wantsFocus: true };
  const { container, unmount } = render(<FindBar root={root} kept={kept} onReveal={onReveal} onClose={onClose} />);
  const input = within(container).getByRole("searchbox");
  return {
    text: root.current,
    onReveal,
    onClose,
    input,
    unmount,
    type: (query: string) => fireEvent.change(input, { target: { value: query } }),
    count: () => within(container).getByRole("status").textContent,
  };
}

test("text that comes is found, too; the match that is shown stays, and nothing is scrolled", async () => {
  const { text, type, input, count, onReveal } = open("a kite, a kite");
  type("kite");
  fireEvent.keyDown(input, { key: "Enter" });
  expect(count()).toBe("2/2");
  expect(onReveal).toHaveBeenCalledTimes(2);
  text.append(", and a kite");
  await vi.waitFor(() => expect(count()).toBe("2/3"));
  expect(marks.get("find")?.size).toBe(3);
  expect([...(marks.get("find-current") ?? [])][0]?.startOffset).toBe(10);
  expect(onReveal).toHaveBeenCalledTimes(2);
});

test("what replaces the text is searched anew", async () => {
  const { text, type, count } = open("**kite**");
  type("kite");
  const pre = document.createElement("pre");
  pre.textContent = "kites or a kite";
  text.replaceChildren(pre);
  await vi.waitFor(() => expect(count()).toBe("1/2"));
  for (const range of marks.get("find") ?? []) expect(range.startContainer.isConnected).toBe(true);
});

test("goes around at both ends", () => {
  const { type, input, count } = open("a a a");
  type("a");
  fireEvent.keyDown(input, { key: "Enter", shiftKey: true });
  expect(count()).toBe("3/3");
  fireEvent.keyDown(input, { key: "Enter" });
  expect(count()).toBe("1/3");
});

test("two searches keep each other's marks", () => {
  const first = open("a kite");
  const second = open("a wing, a wing");
  first.type("kite");
  second.type("wing");
  expect(marks.get("find")?.size).toBe(3);
  expect(marks.get("find-current")?.size).toBe(2);
  second.unmount();
  expect(marks.get("find")?.size).toBe(1);
});

test("a match is shown below the bar, not beneath it", () => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(34);
  const { type, onReveal } = open("a kite");
  type("kite");
  expect(onReveal).toHaveBeenCalledExactlyOnceWith(expect.anything(), 34);
  expect(screen.getAllByRole("searchbox")).toHaveLength(1);
});

test("Escape closes the search alone", () => {
  const { input, onClose } = open("a kite");
  expect(fireEvent.keyDown(input, { key: "Escape" })).toBe(false);
  expect(onClose).toHaveBeenCalledOnce();
});

test("the focus goes back to where it was, or to the text's tile", () => {
  const tile = document.createElement("article");
  tile.className = "stream-tile";
  tile.tabIndex = -1;
  const button = document.createElement("button");
  tile.append(button);
  document.body.append(tile);
  button.focus();
  const first = open("a kite", tile);
  expect(document.activeElement).toBe(first.input);
  first.unmount();
  expect(document.activeElement).toBe(button);
  const second = open("a kite", tile);
  button.remove();
  second.unmount();
  expect(document.activeElement).toBe(tile);
});
