import { basename } from "node:path";
import type { MenuItemConstructorOptions } from "electron";
import type { DesktopCommand } from "../protocol/index.js";
import type { Example } from "./examples.js";

export interface MenuActions {
  openDialog(): void;
  open(path: string): void;
  reload(): void;
  command(command: DesktopCommand["command"]): void;
}

export interface MenuContent {
  readonly isMac: boolean;
  readonly isDevelopment: boolean;
  readonly recent: readonly string[];
  readonly examples: readonly Example[];
}

/** The native menu. What the page carries out has its shortcut in the page; the menu only shows it. */
export function menuTemplate(content: MenuContent, actions: MenuActions): MenuItemConstructorOptions[] {
  const inPage = (
    label: string,
    command: DesktopCommand["command"],
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    label,
    click: () => actions.command(command),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const files = (items: readonly { label: string; path: string }[], none: string): MenuItemConstructorOptions[] =>
    items.length === 0
      ? [{ label: none, enabled: false }]
      : items.map(({ label, path }) => ({ label, click: () => actions.open(path) }));
  const separator: MenuItemConstructorOptions = { type: "separator" };
  const settings = inPage("Settings…", "settings", "CmdOrCtrl+,");

  return [
    ...(content.isMac ? [{ role: "appMenu" } satisfies MenuItemConstructorOptions] : []),
    {
      label: "File",
      submenu: [
        { label: "Open flock file…", accelerator: "CmdOrCtrl+O", click: () => actions.openDialog() },
        {
          label: "Open recent",
          submenu: files(
            content.recent.map((path) => ({ label: basename(path), path })),
            "No recent files",
          ),
        },
        {
          label: "Examples",
          submenu: files(
            content.examples.map(({ name, path }) => ({ label: name, path })),
            "No examples",
          ),
        },
        { label: "Reload flock file", accelerator: "CmdOrCtrl+Shift+O", click: () => actions.reload() },
        inPage("Earlier sessions…", "history"),
        separator,
        settings,
        separator,
        content.isMac ? { role: "close" } : { role: "quit" },
      ],
    },
    { role: "editMenu" },
    {
      label: "Flock",
      submenu: [
        inPage("Publish…", "publish"),
        inPage("Stop all streams", "stop_all"),
        inPage("Clear finished", "clear_finished"),
        separator,
        inPage("Remote…", "remote"),
      ],
    },
    {
      label: "View",
      submenu: [
        inPage("Command palette…", "palette", "CmdOrCtrl+K"),
        inPage("Find…", "find", "CmdOrCtrl+F"),
        separator,
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        ...(content.isDevelopment ? [separator, { role: "reload" } as const, { role: "toggleDevTools" } as const] : []),
      ],
    },
    { role: "windowMenu" },
    { role: "help", submenu: [inPage("Keyboard shortcuts", "shortcuts")] },
  ];
}
