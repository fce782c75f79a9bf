// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { freshPages, settle, shownApp, tile } from "../app.testing.js";
import { goToStream, publish } from "../state/actions.js";
import { moveTileAtom } from "../state/deck-atoms.js";
import {
  dialogAtom,
  filterAtom,
  fullScreenAtom,
  layoutAtom,
  NO_FILTER,
  noticeAtom,
  viewAtom,
} from "../state/interface.js";
import { densityAtom, foldFinishedAtom, groupingAtom } from "../state/preferences.js";

freshPages();

const names = (of: Element | null) => [...(of?.querySelectorAll("button") ?? [])].map((button) => button.textContent);

test("no other button comes to where the one that stops a workflow was", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.workflow("w2"));
  await settle();
  const header = document.querySelector(".group-header");
  const before = names(header);
  const again = screen.getAllByText<HTMLButtonElement>("Run again")[0];
  const stop = screen.getAllByText<HTMLButtonElement>("Stop all of it")[0];
  expect([again?.disabled, stop?.disabled]).toEqual([true, false]);
  stop?.focus();
  deliver(script.complete("s1"), script.finish("w"));
  expect(names(header)).toEqual(before);
  expect([again?.disabled, stop?.disabled]).toEqual([false, true]);
  expect(document.activeElement).not.toBe(document.body);
});

test("a tile whose stream ends keeps the place of its stop button, and the focus", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  const writer = tile("writer");
  if (writer === null) throw new Error("no tile");
  const stop = within(writer).getByTestId<HTMLButtonElement>("stream-stop");
  stop.focus();
  deliver(script.complete("s1"));
  expect(within(writer).getByTestId("stream-stop")).toBe(stop);
  expect(stop.disabled).toBe(true);
  expect(document.activeElement).toBe(tile("writer"));
});

test("a tile that is hidden, folded or filtered is gone to, and a filter that shows it stays", async () => {
  const { deliver, script, session } = await shownApp();
  const { store } = session;
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2", "w", "editor"), script.complete("s1"));
  act(() => {
    store.set(layoutAtom, (layout) => ({ ...layout, hidden: ["writer#0"] }));
    store.set(foldFinishedAtom, true);
    store.set(filterAtom, { ...NO_FILTER, agent: "writer" });
    goToStream(session, "s1");
  });
  await waitFor(() => expect(document.activeElement).toBe(tile("writer")));
  expect(store.get(filterAtom).agent).toBe("writer");
  expect(store.get(layoutAtom).hidden).toEqual([]);
  act(() => goToStream(session, "s2"));
  await waitFor(() => expect(document.activeElement).toBe(tile("editor")));
  expect(store.get(filterAtom)).toEqual(NO_FILTER);
});

test("after publishing, a reader who leaves the deck is not called back; a filter that shows nothing of it is told", async () => {
  const { carrier, deliver, script, session } = await shownApp();
  const { store } = session;
  store.set(filterAtom, { ...NO_FILTER, text: "nothing like it" });
  const published = publish(session, "Topic", {});
  const { request_id } = carrier.sent.at(-1) as { request_id: string };
  deliver({ type: "reply", request_id, ok: true, result: { correlation_id: "w" } });
  await act(() => published);
  act(() => store.set(viewAtom, "board"));
  await act(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(store.get(viewAtom)).toBe("board");

  const again = publish(session, "Topic", {});
  const sent = carrier.sent.at(-1) as { request_id: string };
  deliver({ type: "reply", request_id: sent.request_id, ok: true, result: { correlation_id: "w" } });
  await act(() => again);
  deliver(...script.workflow("w"));
  await waitFor(() => expect(store.get(noticeAtom)?.text).toBe("Published. The filter leaves the new tiles out."));
});

const focusedAgent = () => document.activeElement?.closest(".stream-tile")?.getAttribute("data-agent");

test("the focus of a tile that is hidden or folded away goes to the next one", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2", "w", "editor"));
  deliver(...script.start("s3"));
  await settle();
  tile("writer")?.focus();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "h" });
  expect(focusedAgent()).toBe("editor");
  act(() => session.store.set(foldFinishedAtom, true));
  deliver(script.complete("s2"));
  expect(tile("editor")).toBeNull();
  expect(document.activeElement?.getAttribute("data-stream-id")).toBe("s3");
});

test("the focus of the last tile goes to what brings it back, and from there to the tile again", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2", "w", "editor"));
  await settle();
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
  tile("writer")?.focus();
  press("h");
  press("h");
  expect(document.querySelector(".stream-tile")).toBeNull();
  expect(document.activeElement?.textContent).toBe("Show all");
  fireEvent.click(document.activeElement ?? document.body);
  expect(focusedAgent()).toBe("writer");
  press("h");
  const note = screen.getByText("1 tile hidden · show");
  note.focus();
  fireEvent.click(note);
  expect(focusedAgent()).toBe("writer");
  act(() => session.store.set(foldFinishedAtom, true));
  deliver(script.complete("s2"), script.complete("s1"));
  expect(document.activeElement?.textContent).toBe("2 finished tiles folded away · show");
});

test("the keys of a tile work from its text, and not from what has keys of its own", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  const writer = tile("writer");
  const text = writer?.querySelector<HTMLElement>("[data-testid=stream-text]");
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
  const pinned = () => session.store.get(layoutAtom).pinned;
  text?.focus();
  press("p");
  expect(pinned()).toEqual(["writer#0"]);
  expect(session.store.get(dialogAtom)).toBeNull();
  press("f");
  expect(document.activeElement?.tagName).toBe("INPUT");
  press("h");
  press("s");
  expect(tile("writer")).toBe(writer);
  const arrow = (from: HTMLElement | null | undefined) => {
    from?.focus();
    return !press("ArrowRight");
  };
  expect(
    [writer, text, writer?.querySelector("input"), writer?.querySelector("button")].map((from) => arrow(from)),
  ).toEqual([true, true, false, false]);
});

test("on the wall a tile that was clicked is steered like any other, and finds nothing in its one line", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  act(() => session.store.set(densityAtom, "wall"));
  await settle();
  tile("writer")?.querySelector("button")?.focus();
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
  expect(press("ArrowRight")).toBe(false);
  press("p");
  expect(session.store.get(layoutAtom).pinned).toEqual(["writer#0"]);
  press("f");
  act(() => session.store.set(densityAtom, "reading"));
  await settle();
  expect(document.querySelector(".find-bar")).toBeNull();
});

/** The deck has as many columns, as a browser would count them. */
const deckOf = (columns: number) =>
  document.querySelector<HTMLElement>(".deck")?.style.setProperty("--deck-columns", String(columns));

test("a key that cannot resize a tile says why, and changes nothing unseen", async () => {
  const { deliver, script, session } = await shownApp();
  const { store } = session;
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  const press = (key: string, shiftKey = false) => {
    act(() => store.set(noticeAtom, null));
    fireEvent.keyDown(tile("writer") ?? document.body, { key, shiftKey });
    return [store.get(layoutAtom).spans["writer#0"], store.get(noticeAtom)?.text];
  };
  deckOf(2);
  expect(press("+")).toEqual([{ columns: 2, rows: 1 }, undefined]);
  expect(press("+")).toEqual([{ columns: 2, rows: 1 }, "There is no room for a wider tile at this density."]);
  deckOf(1);
  expect(press("-")).toEqual([{ columns: 2, rows: 1 }, "This tile is as small as one can be."]);
  expect(press("ArrowDown", true)).toEqual([{ columns: 2, rows: 2 }, undefined]);
  deckOf(3);
  expect(press("-")).toEqual([{ columns: 1, rows: 2 }, undefined]);
  act(() => store.set(densityAtom, "wall"));
  await settle();
  deckOf(9);
  const wall = "Tiles of the wall are all of one size. Choose another density first.";
  expect(press("+")).toEqual([{ columns: 1, rows: 2 }, wall]);
  expect(press("ArrowDown", true)).toEqual([{ columns: 1, rows: 2 }, wall]);
  expect(press("f")[1]).toMatch(/one line/);
});

test("a tile that waits is pinned, resized, moved and hidden like any other, by its keys and its menu", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  const layout = () => session.store.get(layoutAtom);
  const press = (key: string, shiftKey = false) => {
    tile("editor")?.focus();
    fireEvent.keyDown(document.activeElement ?? document.body, { key, shiftKey });
  };
  press("p");
  deckOf(3);
  press("+");
  press("ArrowDown", true);
  expect(layout()).toMatchObject({ pinned: ["editor#0"], spans: { "editor#0": { columns: 2, rows: 2 } } });
  press("ArrowUp", true);
  expect(layout().spans["editor#0"]).toEqual({ columns: 2, rows: 1 });
  expect(session.store.get(dialogAtom)).toBeNull();
  const editor = tile("editor");
  expect(editor?.querySelector(".stream-title")?.getAttribute("draggable")).toBe("true");
  expect(editor?.querySelector(".resize-handle")).not.toBeNull();
  const choose = (entry: string) => {
    fireEvent.click(screen.getByRole("button", { name: "More for editor" }));
    fireEvent.click(screen.getByText(entry));
  };
  choose("Taller");
  expect(layout().spans["editor#0"]).toEqual({ columns: 2, rows: 2 });
  choose("Hide");
  expect(tile("editor")).toBeNull();
});

const agents = () =>
  [...document.querySelectorAll(".stream-tile")].map((shown) => shown.getAttribute("data-stream-id"));

test("moving a tile leaves the order of those that the filter leaves out alone", async () => {
  const { deliver, script, session } = await shownApp();
  const { store } = session;
  deliver(...script.workflow("w"), ...["s1", "s2", "s3"].flatMap((id) => script.start(id)));
  deliver(...script.start("e1", "w", "editor"));
  await settle();
  expect(agents()).toEqual(["s1", "e1", "s2", "s3"]);
  act(() => store.set(moveTileAtom, "editor#0", "writer#0", "before"));
  act(() => store.set(filterAtom, { ...NO_FILTER, agent: "writer" }));
  const last = document.querySelector<HTMLElement>('[data-stream-id="s3"]');
  last?.focus();
  fireEvent.keyDown(last ?? document.body, { key: "[" });
  expect(agents()).toEqual(["s1", "s3", "s2"]);
  fireEvent.keyDown(last ?? document.body, { key: "[" });
  expect(agents()).toEqual(["s3", "s1", "s2"]);
  act(() => store.set(filterAtom, NO_FILTER));
  expect(agents()).toEqual(["e1", "s3", "s1", "s2"]);
});

test("a tile is dropped behind the one that it was dragged on to, and before one that it was dragged back to", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...["s1", "s2", "s3"].flatMap((id) => script.start(id)));
  deliver(...script.start("e1", "w", "editor"));
  await settle();
  const drag = (from: string, to: string) => {
    const data = new Map<string, string>();
    const dataTransfer = {
      get types() {
        return [...data.keys()];
      },
      setData: (type: string, value: string) => data.set(type, value),
      getData: (type: string) => data.get(type) ?? "",
    };
    const title = document.querySelector(`[data-stream-id="${from}"] .stream-title`);
    const target = document.querySelector(`[data-stream-id="${to}"]`);
    if (title === null || target === null) throw new Error("no such tile");
    fireEvent.dragStart(title, { dataTransfer });
    fireEvent.dragOver(target, { dataTransfer });
    fireEvent.drop(target, { dataTransfer });
  };
  drag("s1", "e1");
  expect(agents()).toEqual(["e1", "s1", "s2", "s3"]);
  drag("e1", "s3");
  expect(agents()).toEqual(["s1", "s2", "s3", "e1"]);
  drag("s3", "s1");
  expect(agents()).toEqual(["s3", "s1", "s2", "e1"]);
});

test("the menu in full screen offers nothing for a place that is not there", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  act(() => {
    session.store.set(layoutAtom, (layout) => ({ ...layout, pinned: ["writer#0"] }));
    session.store.set(fullScreenAtom, "s1");
  });
  await settle();
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByText("pinned")).toBeTruthy();
  fireEvent.click(dialog.getByRole("button", { name: "More for writer" }));
  const entries = [...document.querySelectorAll("[role^=menuitem] .menu-item-text")].map((entry) => entry.textContent);
  expect(entries.slice(0, 3)).toEqual(["Find in stream", "Copy as Markdown", "Raw view"]);
  expect(entries).toContain("Stop this run");
  expect(entries.filter((entry) => /Pinned|Move|Wider|Taller|size|Hide|full screen/.test(entry ?? ""))).toEqual([]);
});

test("a workflow that set nothing off says so, and blames no filter", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), script.finish("w"));
  await settle();
  expect(screen.getByText("Nothing began")).toBeTruthy();
  expect(screen.queryByText("Show all")).toBeNull();
});

test("a group of an agent counts the streams that began", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2"));
  act(() => session.store.set(groupingAtom, "agent"));
  const notes = [...document.querySelectorAll(".group-note")].map((note) => note.textContent);
  expect(notes).toEqual(["2 streams", "0 streams"]);
});
