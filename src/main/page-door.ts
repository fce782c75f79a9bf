/** Hears the window's page from the moment the window is there, before there is anything to connect it to. */
import { type BrowserWindow, type IpcMainEvent, ipcMain } from "electron";

export interface PageCalls {
  /** The page, or a new load of it, asks for its port. */
  onConnect(): void;
  /** A file was dropped on the page. */
  onDrop(path: string): void;
}

export interface PageDoor {
  /** Resolves once the page has its files. */
  readonly loaded: Promise<void>;
  /** From now on these are called; at once if the page has asked already. */
  answer(calls: PageCalls): void;
}

/** Only the window's own top page, on its own origin. */
function isOwnPage(event: IpcMainEvent, window: BrowserWindow, origin: string): boolean {
  const frame = event.senderFrame;
  if (frame === null || event.sender !== window.webContents || frame !== window.webContents.mainFrame) return false;
  return frame.url.startsWith(`${origin}/`);
}

export function openPageDoor(window: BrowserWindow, origin: string): PageDoor {
  let calls: PageCalls | undefined;
  let hasAsked = false;
  const loaded = new Promise<void>((resolve) => {
    ipcMain.on("flockdeck:loaded", (event) => {
      if (isOwnPage(event, window, origin)) resolve();
    });
  });
  ipcMain.on("flockdeck:connect", (event) => {
    if (!isOwnPage(event, window, origin)) return;
    hasAsked = true;
    calls?.onConnect();
  });
  ipcMain.on("flockdeck:drop", (event, path: unknown) => {
    if (isOwnPage(event, window, origin) && typeof path === "string") calls?.onDrop(path);
  });
  return {
    loaded,
    answer(given) {
      calls = given;
      if (hasAsked) given.onConnect();
    },
  };
}
