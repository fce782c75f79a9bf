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

ipcRenderer.send("flockdeck:connect");
