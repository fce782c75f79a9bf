import { join } from "node:path";
import { app, BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from "electron";
import { APP_ORIGIN } from "./app-protocol.js";
import { guardContents } from "./guards.js";
import type { Bounds, SettingsStore } from "./settings.js";

const defaultSize = { width: 1440, height: 900 };
const smallest = { minWidth: 480, minHeight: 360 };

/** Remembered bounds count only while they are on a screen that is there. */
function visible(bounds: Bounds): boolean {
  const { workArea } = screen.getDisplayMatching(bounds);
  return (
    bounds.x < workArea.x + workArea.width - 80 &&
    bounds.x + bounds.width > workArea.x + 80 &&
    bounds.y >= workArea.y - 10 &&
    bounds.y < workArea.y + workArea.height - 80
  );
}

function placement(settings: SettingsStore): BrowserWindowConstructorOptions {
  const remembered = settings.current.window?.bounds;
  return remembered !== undefined && visible(remembered) ? remembered : defaultSize;
}

/** Where the page is: the built one, or in `npm run dev` the development server's. */
function pageUrl(): string {
  const development = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
  return development ?? `${APP_ORIGIN}/index.html`;
}

/** The page's origin: the only one that may be shown and that may ask for a port. */
export function pageOrigin(): string {
  return new URL(pageUrl()).origin === "null" ? APP_ORIGIN : new URL(pageUrl()).origin;
}

/** Opens the one window: sandboxed, isolated, and unable to go anywhere else. */
export function openWindow(settings: SettingsStore): BrowserWindow {
  const window = new BrowserWindow({
    ...placement(settings),
    ...smallest,
    show: false,
    title: "Flockdeck",
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#16181d" : "#ffffff",
    icon: join(app.getAppPath(), "resources", "icons", "window.png"),
    webPreferences: {
      preload: join(app.getAppPath(), "out", "preload", "index.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Streams go on while the window is covered; the page itself stops rendering.
      backgroundThrottling: true,
    },
  });
  guardContents(window.webContents, pageOrigin());
  if (settings.current.window?.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => {
    settings.update({ window: { bounds: window.getNormalBounds(), maximized: window.isMaximized() } });
  });
  void window.loadURL(pageUrl());
  return window;
}
