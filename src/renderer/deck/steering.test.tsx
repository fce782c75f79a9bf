// @vitest-environment happy-dom
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { freshPages, settle, shownApp, tile } from "../app.testing.js";

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
