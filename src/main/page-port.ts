/** Gives every load of the page one MessagePort of its own, and nobody else any. */
import { type BrowserWindow, MessageChannelMain } from "electron";
import type { Role } from "../protocol/index.js";
import { IpcConnection, type IpcHandlers, type ViewerHub } from "./ipc-transport.js";
import type { PageDoor } from "./page-door.js";

export interface PagePortOptions {
  readonly window: BrowserWindow;
  readonly door: PageDoor;
  readonly handlers: Omit<IpcHandlers, "onClose">;
  /** What the page is to watch, if there is something that goes on. */
  readonly hub: () => { readonly hub: ViewerHub; readonly role: Role } | undefined;
  readonly onDrop: (path: string) => void;
}

export interface PagePort {
  /** The page's connection while it has one. */
  readonly current: IpcConnection | undefined;
}

export function servePagePorts({ window, door, handlers, hub, onDrop }: PagePortOptions): PagePort {
  let current: IpcConnection | undefined;

  function offer(): void {
    if (window.isDestroyed()) return;
    current?.close();
    const { port1, port2 } = new MessageChannelMain();
    const connection = new IpcConnection(port1, {
      ...handlers,
      onClose: (byHub) => {
        if (current !== connection) return;
        current = undefined;
        if (byHub && hub() !== undefined) setImmediate(offer);
      },
    });
    current = connection;
    const open = hub();
    if (open !== undefined) connection.watch(open.hub, open.role);
    window.webContents.postMessage("flockdeck:port", null, [port2]);
  }

  door.answer({ onConnect: offer, onDrop });
  return {
    get current() {
      return current;
    },
  };
}
