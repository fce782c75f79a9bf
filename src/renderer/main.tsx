import { createStore } from "jotai/vanilla";
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { SessionProvider } from "./app-context.js";
import type { OpenCarrier } from "./connection/carrier.js";
import { openPortCarrier } from "./connection/port-carrier.js";
import { loadParts } from "./parts.js";
import { syncedAtom } from "./state/atoms.js";
import { Session } from "./state/session.js";

/** A server that says nothing for so long is tried anew. The window's own main process is waited for, however busy. */
const PATIENCE_MS = 10_000;

/** Less than people notice. */
const SHOWN_WITHIN_MS = 100;

/** The window's page gets its messages from the preload; a browser's from the server that served it. */
function carrierForThisPage(): OpenCarrier {
  const inWindow = window.location.protocol === "app:" || navigator.userAgent.includes("Electron/");
  if (inWindow) return openPortCarrier();
  let open: OpenCarrier | undefined;
  const openSocket = async (signal: AbortSignal) => {
    open ??= (await import("./connection/browser-carrier.js")).browserCarrier(window);
    return open(signal);
  };
  return Object.assign(openSocket, { patienceMs: PATIENCE_MS });
}

/** Lays the page out once, with what it has to show: a state that lasts for some milliseconds would cost as much. */
function showWhenSynced(element: HTMLElement): void {
  const show = (): void => {
    clearTimeout(waiting);
    unsubscribe();
    element.style.contentVisibility = "";
  };
  const waiting = setTimeout(show, SHOWN_WITHIN_MS);
  const unsubscribe = session.store.sub(syncedAtom, show);
  element.style.contentVisibility = "hidden";
}

const element = document.getElementById("root");
if (element === null) throw new Error("index.html has no #root");

const session = new Session({ store: createStore(), open: carrierForThisPage(), commit: flushSync });
createRoot(element).render(
  <StrictMode>
    <SessionProvider session={session}>
      <App />
    </SessionProvider>
  </StrictMode>,
);
showWhenSynced(element);
session.start();
if (window.location.protocol !== "app:") {
  window.addEventListener("offline", () => session.connection.networkLost());
  window.addEventListener("online", () => session.connection.retryNow());
  // The network may be gone by the time that a part is wanted.
  const whenIdle = window.requestIdleCallback ?? ((load: () => void) => setTimeout(load, 1_000));
  const stop = session.store.sub(syncedAtom, () => {
    stop();
    whenIdle(() => void loadParts());
  });
}
