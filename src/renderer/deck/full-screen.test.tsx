// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SessionProvider } from "../app-context.js";
import { SHORTCUTS } from "../palette/shortcuts.js";
import { fullScreenAtom } from "../state/interface.js";
import { startedSession } from "../state/session.testing.js";
import { FullScreen } from "./full-screen.js";

afterEach(cleanup);

async function shown() {
  const under = await startedSession();
  const { session, script } = under;
  under.deliver(...script.workflow("w"), ...script.start("s1"));
  under.deliver(script.text("s1", "# Kites\n\nPaper and wind."));
  session.store.set(fullScreenAtom, "s1");
  render(
    <SessionProvider session={session}>
      <FullScreen />
    </SessionProvider>,
  );
  await act(async () => vi.dynamicImportSettled());
  return { ...under, text: screen.getByTestId("stream-text") };
}

test("the text has the focus, can be reached by Tab and is read back with the keys", async () => {
  const { text } = await shown();
  expect(document.activeElement).toBe(text);
  expect(text.tabIndex).toBe(0);
  Object.defineProperty(text, "clientHeight", { value: 100 });
  Object.defineProperty(text.firstElementChild, "scrollHeight", { value: 1_000 });
  fireEvent.keyDown(text, { key: "PageUp" });
  expect(screen.getByText(/^Jump to live/)).toBeTruthy();
  fireEvent.keyDown(text, { key: "End" });
  expect(screen.queryByText(/^Jump to live/)).toBeNull();
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Home" });
  expect(screen.getByText(/^Jump to live/)).toBeTruthy();
});

test("a tile's letters do the same here, but not at a button", async () => {
  const { text, carrier } = await shown();
  fireEvent.keyDown(screen.getByText("Raw"), { key: "r" });
  expect(document.querySelector(".stream-raw")).toBeNull();
  fireEvent.keyDown(text, { key: "r" });
  expect(document.querySelector(".stream-raw")).not.toBeNull();
  fireEvent.keyDown(text, { key: "i" });
  expect(document.querySelector(".stream-details")).not.toBeNull();
  fireEvent.keyDown(text, { key: "s" });
  expect(carrier.sent.findLast(({ type }) => type === "cancel")).toMatchObject({ stream_id: "s1" });
});

test("Escape in the search closes the search alone, and the text has the focus again", async () => {
  const { text } = await shown();
  fireEvent.keyDown(text, { key: "f" });
  const field = screen.getByLabelText("Find in this stream");
  expect(document.activeElement).toBe(field);
  expect(fireEvent.keyDown(field, { key: "Escape" })).toBe(false);
  expect(screen.queryByLabelText("Find in this stream")).toBeNull();
  expect(document.activeElement).toBe(text);
});

test("the list of shortcuts tells which of a tile's keys hold in full screen as well", async () => {
  const { text } = await shown();
  const letters = (inFullScreen: boolean) =>
    SHORTCUTS.filter(({ name }) => /tile/.test(name) && /full screen/.test(name) === inFullScreen)
      .flatMap(({ keys }) => keys.map(([key]) => key))
      .filter((key) => /^[a-z]$/.test(key));
  const holds = (key: string) => !fireEvent.keyDown(text, { key });
  expect(letters(true).sort()).toEqual(["c", "f", "i", "r", "s"]);
  expect(letters(true).filter(holds).sort()).toEqual(letters(true).sort());
  expect(letters(false).filter(holds)).toEqual([]);
});
