import type { MenuItemConstructorOptions } from "electron";
import { expect, test, vi } from "vitest";
import { menuTemplate } from "./menu.js";

const content = {
  isMac: false,
  isDevelopment: false,
  recent: ["/flocks/a.yaml"],
  examples: [{ name: "Newsroom", path: "/examples/newsroom.yaml", description: "" }],
};

function actions() {
  return { openDialog: vi.fn(), open: vi.fn(), reload: vi.fn(), command: vi.fn() };
}

function items(menu: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}

function click(menu: readonly MenuItemConstructorOptions[], label: string): void {
  const found = items(menu).find((item) => item.label === label);
  // The handlers of this menu look at none of Electron's arguments.
  (found?.click as (() => void) | undefined)?.();
}

test("every entry does what it says", () => {
  const all = actions();
  const menu = menuTemplate(content, all);
  for (const label of ["Open flock file…", "a.yaml", "Newsroom", "Publish…", "Keyboard shortcuts"]) click(menu, label);
  expect(all.openDialog).toHaveBeenCalledOnce();
  expect(all.open.mock.calls).toEqual([["/flocks/a.yaml"], ["/examples/newsroom.yaml"]]);
  expect(all.command.mock.calls).toEqual([["publish"], ["shortcuts"]]);
});

test("shortcuts that the page handles are shown, not taken", () => {
  const palette = items(menuTemplate(content, actions())).find((item) => item.label === "Command palette…");
  expect(palette).toMatchObject({ accelerator: "CmdOrCtrl+K", registerAccelerator: false });
});

test("developer tools are for development", () => {
  const roles = (isDevelopment: boolean) =>
    items(menuTemplate({ ...content, isDevelopment }, actions())).map((item) => item.role);
  expect(roles(false)).not.toContain("toggleDevTools");
  expect(roles(true)).toContain("toggleDevTools");
});
