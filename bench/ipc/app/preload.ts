import { ipcRenderer } from "electron";

ipcRenderer.on("flockdeck:port", (event) => window.postMessage("port", "*", event.ports));
ipcRenderer.on("token", (_event, message) => window.postMessage(message, "*"));
window.addEventListener("load", () => ipcRenderer.send("page:ready"));
