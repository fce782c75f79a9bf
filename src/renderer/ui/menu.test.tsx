// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { Menu, MenuHeading, MenuItem, MenuNote } from "./menu.js";

afterEach(cleanup);

function opened(items: ReactNode) {
  render(<Menu name="Output" label="Output" items={() => items} />);
  fireEvent.click(screen.getByRole("button"));
  return screen.getByRole("menu");
}

test("what can only be read has the focus, is told as an item that does nothing, and Escape leads back", () => {
  opened(
    <>
      <MenuNote>Page is not published yet</MenuNote>
      <MenuItem onSelect={() => {}}>Go to editor</MenuItem>
    </>,
  );
  const note = screen.getByRole("menuitem", { name: "Page is not published yet" });
  expect(document.activeElement).toBe(note);
  expect(note.getAttribute("aria-disabled")).toBe("true");
  fireEvent.keyDown(note, { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getByRole("menuitem", { name: "Go to editor" }));
  fireEvent.keyDown(document.activeElement ?? note, { key: "Escape" });
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("button"));
});

test("a menu without an item has the focus itself, so that Escape closes it", () => {
  const menu = opened(<MenuHeading>Agent</MenuHeading>);
  expect(document.activeElement).toBe(menu);
  fireEvent.keyDown(menu, { key: "Escape" });
  expect(screen.queryByRole("menu")).toBeNull();
});
