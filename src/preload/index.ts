/**
 * Hands one MessagePort to the page, in whichever order page and port are ready. The page gets nothing else.
 * Dropped files are named here, because only a preload may learn their paths.
 */
import { ipcRenderer, webUtils } from "electron";

let port: MessagePort | undefined;
let pageIsReady = false;

function handOver(): void {
  if (port === undefined || !pageIsReady) return;
  window.postMessage({ type: "flockdeck:port" }, window.location.origin, [port]);
  port = undefined;
}

ipcRenderer.on("flockdeck:port", (event) => {
  port = event.ports[0];
  handOver();
});

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (event.source !== window) return;
  const data = event.data;
  if (typeof data !== "object" || data === null || !("type" in data) || data.type !== "flockdeck:ready") return;
  pageIsReady = true;
  handOver();
});

/** Older runtimes put the path on the file itself. */
function pathOf(file: File & { path?: string }): string {
  if (file.path !== undefined) return file.path;
  return webUtils?.getPathForFile(file) ?? "";
}

window.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

window.addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (file === undefined || !event.isTrusted) return;
  event.preventDefault();
  const path = pathOf(file);
  if (path !== "") ipcRenderer.send("flockdeck:drop", path);
});

/** The page has what its HTML names, and is busy with it: whatever else loads no longer stands in its way. */
function tellWhenLoaded(): void {
  const named = 'link:is([rel="modulepreload"], [rel="preload"], [rel="stylesheet"])';
  const loaded = new Set<EventTarget>();
  const look = (): void => {
    if (document.readyState === "loading" || [...document.querySelectorAll(named)].some((link) => !loaded.has(link)))
      return;
    document.removeEventListener("load", note, true);
    document.removeEventListener("readystatechange", look);
    // The first access asks the main process and waits; later ones do not, however busy that one is.
    void window.localStorage.length;
    ipcRenderer.send("flockdeck:loaded");
  };
  const note = ({ target }: Event): void => {
    if (target !== null) loaded.add(target);
    look();
  };
  document.addEventListener("load", note, true);
  document.addEventListener("readystatechange", look);
}

tellWhenLoaded();
ipcRenderer.send("flockdeck:connect");
