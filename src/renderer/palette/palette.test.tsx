// @vitest-environment happy-dom
import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { freshPages, settle, shownApp } from "../app.testing.js";
import { dialogAtom } from "../state/interface.js";

freshPages();

test("an attempt that was tried again is found by that word, not as failed", async () => {
  const { deliver, script, session } = await shownApp();
  const error = { code: "invalid_output", message: "Too short" };
  deliver(...script.workflow("w"), ...script.start("s1"));
  deliver(script.complete("s1", { status: "failed", error }), script.fault("s1", error, true));
  deliver(script.again("s2", "s1", 2));
  act(() => session.store.set(dialogAtom, "palette"));
  await settle();
  const palette = within(screen.getByRole("dialog", { name: "Command palette" }));
  expect(palette.getByText("retried · Draft")).toBeDefined();
  expect(palette.getByText("live · Draft")).toBeDefined();
  expect(palette.queryByText("failed · Draft")).toBeNull();
});
