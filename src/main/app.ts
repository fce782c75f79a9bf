/**
 * The desktop app's start: the window first, with nothing but what it needs, so that its page loads while the rest of
 * the app does.
 */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { app, type BrowserWindow, protocol } from "electron";
import { APP_SCHEME, appSchemePrivileges, serveAsset } from "./app-protocol.js";
import { CodeCache } from "./code-cache.js";
import type { Desktop } from "./desktop.js";
import { denyPermissions } from "./guards.js";
import { fileFromArgs } from "./launch-args.js";
import { openPageDoor } from "./page-door.js";
import { SettingsStore } from "./settings.js";
import { openWindow, pageOrigin } from "./window.js";

/** By then an app that was opened to be used has run what a start runs. */
const SAVE_CODE_AFTER_MS = 3_000;

/** Without this Electron shows a box that blocks everything, streams and quitting included, until it is clicked away. */
function reportFaults(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      process.stderr.write(`flockdeck: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    });
  }
}

export function startApp(): void {
  reportFaults();
  app.setName("Flockdeck");
  protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const opening = openDesktop();
  let desktop: Desktop | undefined;
  void opening.then((opened) => {
    desktop = opened;
  });
  const quit = () =>
    void opening.then(
      (opened) => opened.quit(),
      () => app.exit(1),
    );
  app.on("second-instance", (_event, argv, workingDirectory) => {
    void opening.then((opened) => opened.onSecondInstance(argv.slice(1), workingDirectory));
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    void opening.then((opened) => opened.open(path));
  });
  app.on("window-all-closed", quit);
  app.on("before-quit", (event) => {
    if (desktop?.hasEnded === true) return;
    event.preventDefault();
    quit();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, quit);
}

async function openDesktop(): Promise<Desktop> {
  /** Where the app is, by the name that people know it by, not by a link to it. */
  const appPath = realpathSync(app.getAppPath());
  const pageFolder = join(appPath, "out", "renderer");
  const file = fileFromArgs(process.argv.slice(1), process.cwd(), appPath);
  const settings = new SettingsStore(join(app.getPath("userData"), "settings.json"));
  await app.whenReady();
  serveApp(pageFolder);
  const window = openWindow(settings);
  denyPermissions(window.webContents.session);
  const door = openPageDoor(window, pageOrigin());
  // Loading the rest holds this thread, which the page's files come through.
  await Promise.race([door.loaded, stoppedLoading(window)]);
  const { Desktop } = loadDesktop(appPath);
  const desktop = new Desktop({ appPath, pageFolder, settings, window, door });
  void desktop.start(file);
  return desktop;
}

function loadDesktop(appPath: string): typeof import("./desktop.js") {
  const code = new CodeCache(join(app.getPath("userData"), "Compiled"));
  setTimeout(() => code.save(), SAVE_CODE_AFTER_MS).unref();
  app.once("will-quit", () => code.save());
  return code.load(join(appPath, "out", "main", "desktop.cjs")) as typeof import("./desktop.js");
}

function serveApp(pageFolder: string): void {
  // `protocol.handle` would load Node's fetch first, and pass on each file in many turns of this thread.
  protocol.registerBufferProtocol(APP_SCHEME, (request, answer) => answer(serveAsset(pageFolder, request)));
}

/** Resolves once the page is there, or will never be. */
function stoppedLoading(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    window.webContents.once("did-stop-loading", () => resolve());
    window.once("closed", () => resolve());
  });
}
