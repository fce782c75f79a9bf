"use strict";
// The least that an Electron app can be: what starting up costs before any of ours.
const { app, BrowserWindow } = require("electron");
const { join } = require("node:path");

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, webPreferences: { sandbox: true } });
  window.loadFile(join(__dirname, "index.html"));
});
app.on("window-all-closed", () => app.quit());
