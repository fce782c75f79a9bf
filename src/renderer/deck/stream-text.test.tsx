// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionProvider } from "../app-context.js";
import type { Incoming } from "../connection/carrier.js";
import { startedSession } from "../state/session.testing.js";
import { StreamText } from "./stream-text.js";
import { type TileModes, useTileModes } from "./tile-modes.js";

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", undefined);
  // The text is ten times as high as its box.
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(2_000);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(200);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    const scrolled = this.matches(".md-group") ? (this.closest(".stream-view")?.scrollTop ?? 0) : 0;
    return new DOMRect(0, -scrolled, 300, 2_000);
  });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The part of a tile that stays when it leaves the screen. */
function Tile({ seen, tell }: { seen: boolean; tell: (modes: TileModes) => void }): ReactNode {
  const modes = useTileModes();
  tell(modes);
  return seen ? <StreamText streamId="s" modes={modes} /> : null;
}

function fail(): never {
  throw new Error("not shown");
}

/** One stream, shown as a tile shows it. */
async function shownText(content: string) {
  const { session, script, deliver } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s"), script.text("s", content));
  const tell = vi.fn<(modes: TileModes) => void>();
  const view = (seen: boolean) => (
    <SessionProvider session={session}>
      <Tile seen={seen} tell={tell} />
    </SessionProvider>
  );
  const { rerender } = render(view(true));
  const send = (...messages: Incoming[]) => act(() => deliver(...messages));
  return {
    set: (change: (modes: TileModes) => void) => act(() => change(tell.mock.lastCall?.[0] ?? fail())),
    show: (seen: boolean) => rerender(view(seen)),
    write: (chunk: string) => send(script.text("s", chunk)),
    replace: (content: string) =>
      send({ type: "stream_reset", stream_id: "s", agent_name: "writer", content, offset: 40, reason: "lagged" }),
    box: () => screen.getByTestId("stream-text"),
  };
}

const jump = () => screen.queryByRole("button", { name: /^Jump to live/ });

test("what counts as new came after the reader left the end, also where it was shown without a render of the tile", async () => {
  const { write, box } = await shownText("Some words");
  write(" and more");
  write(" *of* them");
  expect(box().textContent).toContain("Some words and more of them");
  fireEvent.wheel(box(), { deltaY: -100 });
  expect(jump()?.textContent).toBe("Jump to live");
  write(" all");
  expect(jump()?.textContent).toBe("Jump to live · 4 new");
  expect(jump()?.getAttribute("aria-label")).toBe("Jump to live · 4 new characters");
});

test("a tile that comes back on screen shows what the reader was at", async () => {
  const { write, box, show } = await shownText("Some words");
  fireEvent.wheel(box(), { deltaY: -100 });
  expect(box().scrollTop).toBe(1_700);
  write(" all");
  show(false);
  write(" of it");
  show(true);
  expect(jump()?.textContent).toBe("Jump to live · 10 new");
  expect(box().dataset.scrolls).toBe("true");
  expect(box().scrollTop).toBe(1_700);
});

test("a search that comes back on screen has its words, and leaves the focus alone", async () => {
  const { show, set } = await shownText("Some words and more words");
  set((modes) => modes.setFinding(true));
  const input = () => screen.getByRole<HTMLInputElement>("searchbox");
  expect(document.activeElement).toBe(input());
  fireEvent.change(input(), { target: { value: "words" } });
  show(false);
  show(true);
  expect(input().value).toBe("words");
  expect(screen.getByRole("status").textContent).toBe("1/2");
  expect(document.activeElement).not.toBe(input());
  set((modes) => modes.setFinding(false));
  set((modes) => modes.setFinding(true));
  expect(input().value).toBe("");
  expect(document.activeElement).toBe(input());
});

test("the raw text grows in one node, and a selection in it stays", async () => {
  const { write, replace, set, box } = await shownText("**Some** words");
  set((modes) => modes.setRaw(true));
  const node = box().querySelector("pre")?.firstChild;
  if (!node) throw new Error("no text");
  document.getSelection()?.setBaseAndExtent(node, 2, node, 6);
  write(" and *more*");
  expect(box().querySelector("pre")?.firstChild).toBe(node);
  expect(node.textContent).toBe("**Some** words and *more*");
  expect(document.getSelection()?.toString()).toBe("Some");
  replace("other *words*");
  expect(box().querySelector("pre")?.textContent).toBe("other *words*");
});

test("a finger finds a scroller where the mouse needs none, too", async () => {
  const { box } = await shownText("Some words");
  fireEvent.pointerDown(box(), { pointerType: "mouse" });
  expect(box().dataset.scrolls).toBe("false");
  fireEvent.pointerDown(box(), { pointerType: "touch" });
  expect(box().dataset.scrolls).toBe("true");
  expect(box().scrollTop).toBe(2_000);
  expect(jump()).toBeNull();
  box().scrollTop = 900;
  fireEvent.scroll(box());
  expect(jump()).not.toBeNull();
});

test("the text stands while the keyboard has the focus inside it, and goes on when the focus leaves, unless it is read", async () => {
  const { write, box } = await shownText("A [link](https://example.org/a) and [another](https://example.org/b).");
  const elsewhere = document.body.appendChild(document.createElement("button"));
  const [first, second] = screen.getAllByRole("link");
  Object.assign(first ?? fail(), { getBoundingClientRect: () => new DOMRect(0, -600, 40, 20) });
  Object.assign(second ?? fail(), { getBoundingClientRect: () => new DOMRect(0, 100, 40, 20) });
  act(() => first?.focus());
  expect(box().dataset.scrolls).toBe("true");
  expect(box().scrollTop).toBe(2_000 - 200 - 600 - 48);
  write(" And more.");
  act(() => elsewhere.focus());
  expect(box().dataset.scrolls).toBe("false");
  act(() => second?.focus());
  expect(box().scrollTop).toBe(2_000 - 200);
  act(() => jump()?.focus());
  expect(box().dataset.scrolls).toBe("true");
  act(() => second?.focus());
  fireEvent.keyDown(second ?? fail(), { key: "PageUp" });
  act(() => elsewhere.focus());
  expect(box().dataset.scrolls).toBe("true");
  expect(box().parentElement?.dataset.focusInside).toBeUndefined();
  act(() => second?.focus());
  expect(box().parentElement?.dataset.focusInside).toBe("true");
  elsewhere.remove();
});
