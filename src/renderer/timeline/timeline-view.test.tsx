// @vitest-environment happy-dom
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { freshPages, settle, shownApp } from "../app.testing.js";
import { viewAtom } from "../state/interface.js";

freshPages();

test("cut off, no bar is called live, and what had ended stays as it was", async () => {
  const { session, deliver, script, carrier } = await shownApp();
  act(() => session.store.set(viewAtom, "timeline"));
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abcd"));
  deliver(...script.start("s2"), script.text("s2", "ended"), script.complete("s2"));
  await settle();
  const bars = () => screen.getAllByRole("button", { name: /Go to its tile/ }).map((bar) => bar.dataset.shape);
  expect(bars()).toEqual(["live", "done"]);
  act(() => carrier.drop(1006, ""));
  expect(bars()).toEqual(["lost", "done"]);
  expect(screen.getByRole("button", { name: /writer, connection lost, attempt 1/ })).toBeDefined();
});
