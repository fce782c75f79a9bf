/** The desktop app, put together: one window on one flock. */
import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { app, type BrowserWindow, Menu, protocol, safeStorage } from "electron";
import { APP_SCHEME, appSchemePrivileges, serveAsset } from "./app-protocol.js";
import { showAttention } from "./attention.js";
import { answerRequest, type DesktopActions } from "./desktop-requests.js";
import { type DesktopParts, desktopState } from "./desktop-state.js";
import { DEFAULT_EXAMPLE, listExamples } from "./examples.js";
import { askForFile, confirmReplace } from "./file-dialog.js";
import { FlockSession } from "./flock-session.js";
import { denyPermissions } from "./guards.js";
import { KeyStore } from "./keys.js";
import { fileFromArgs } from "./launch-args.js";
import { menuTemplate } from "./menu.js";
import { type PagePort, servePagePorts } from "./page-port.js";
import { Remote } from "./remote.js";
import { serverStarter } from "./remote-server.js";
import { openFlock, type Runtime } from "./running-flock.js";
import { SettingsStore } from "./settings.js";
import { openWindow, pageOrigin } from "./window.js";

/** Remote viewers come and go, and their lag changes, without anybody telling us. */
const REMOTE_STATE_EVERY_MS = 1_000;

/** Where the app is, by the name that people know it by, not by a link to it. */
const appPath = realpathSync(app.getAppPath());
const pageFolder = join(appPath, "out", "renderer");
const examplesFolder = join(appPath, "resources", "flocks");

/** Whatever is still running then is left behind: a quit must not hang. */
const QUIT_WITHIN_MS = 2_000;

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
  const desktop = new Desktop();
  app.on("second-instance", (_event, argv, workingDirectory) =>
    desktop.onSecondInstance(argv.slice(1), workingDirectory),
  );
  app.on("open-file", (event, path) => {
    event.preventDefault();
    void desktop.open(path);
  });
  app.on("window-all-closed", () => void desktop.quit());
  app.on("before-quit", (event) => {
    if (desktop.hasEnded) return;
    event.preventDefault();
    void desktop.quit();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void desktop.quit());
  void desktop.start();
}

class Desktop {
  readonly #examples = listExamples(examplesFolder);
  readonly #settings = new SettingsStore(join(app.getPath("userData"), "settings.json"));
  readonly #keys = new KeyStore(this.#settings, safeStorage);
  readonly #remote = new Remote(serverStarter(pageFolder));
  readonly #session = new FlockSession<Runtime>({
    open: (path) => openFlock(path, this.#keys.keys),
    mayReplace: async () => this.#live === 0 || this.#window === undefined || confirmReplace(this.#window, this.#live),
    onOpened: (runtime, path) => this.#onOpened(runtime, path),
    onChange: () => this.#tellState(),
  });
  #window: BrowserWindow | undefined;
  #port: PagePort | undefined;
  #live = 0;
  #ending: Promise<void> | undefined;
  hasEnded = false;

  async start(): Promise<void> {
    const file = fileFromArgs(process.argv.slice(1), process.cwd(), appPath);
    const opening = this.#loadKeys().then(() => this.#openFirst(file));
    await app.whenReady();
    this.#serveApp();
    this.#window = openWindow(this.#settings);
    denyPermissions(this.#window.webContents.session);
    this.#port = servePagePorts({
      window: this.#window,
      origin: pageOrigin(),
      handlers: {
        onAttach: () => this.#tellState(),
        onRequest: (request) => answerRequest(request, this.#actions),
      },
      hub: () => (this.#ending === undefined ? this.#session.current?.runtime.hub : undefined),
      onDrop: (path) => void this.open(path),
    });
    const ticker = setInterval(() => this.#remote.state().running && this.#tellState(), REMOTE_STATE_EVERY_MS);
    this.#window.once("closed", () => clearInterval(ticker));
    this.#showMenu();
    await opening;
  }

  open(path: string): Promise<unknown> {
    return this.#session.open(path);
  }

  onSecondInstance(argv: readonly string[], workingDirectory: string): void {
    const window = this.#window;
    if (window?.isMinimized()) window.restore();
    window?.focus();
    const file = fileFromArgs(argv, workingDirectory, appPath);
    if (file !== undefined) void this.open(file);
  }

  /** Stops everything in order, then quits. */
  quit(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const stopped = this.#remote.stop().then(() => this.#session.shutdown());
    await Promise.race([stopped.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, QUIT_WITHIN_MS))]);
    this.hasEnded = true;
    // Not from within `before-quit`: Electron would take the quit that was put off there for the one that is asked for here.
    setImmediate(() => app.quit());
  }

  async #openFirst(file: string | undefined): Promise<void> {
    const example = join(examplesFolder, DEFAULT_EXAMPLE);
    const result = await this.#session.open(file ?? example);
    if (result === "rejected" && file !== undefined) {
      const { rejected } = this.#session;
      await this.#session.open(example);
      if (rejected !== undefined) this.#session.showRejected(rejected);
    }
  }

  /** The keychain answers only after the app is ready; without stored keys there is nothing to wait for. */
  async #loadKeys(): Promise<void> {
    if (this.#keys.isEmpty) return;
    await app.whenReady();
    this.#keys.load();
  }

  #serveApp(): void {
    protocol.handle(APP_SCHEME, async (request) => {
      const { statusCode, headers, data } = await serveAsset(pageFolder, request);
      return new Response(new Uint8Array(data), { status: statusCode, headers });
    });
  }

  async #onOpened(runtime: Runtime, path: string): Promise<void> {
    this.#live = 0;
    if (!path.startsWith(examplesFolder + sep)) this.#settings.addRecent(path);
    this.#port?.current?.watch(runtime.hub);
    await this.#remote.follow(runtime);
    if (this.#window !== undefined) this.#showMenu();
  }

  #showMenu(): void {
    const content = {
      isMac: process.platform === "darwin",
      isDevelopment: !app.isPackaged,
      recent: this.#settings.current.recent,
      examples: this.#examples,
    };
    const template = menuTemplate(content, {
      openDialog: () => void this.#actions.openFile(undefined),
      open: (path) => void this.open(path),
      reload: () => void this.#actions.reloadFile(),
      command: (command) => this.#port?.current?.tell({ type: "desktop_command", command }),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #tellState(): void {
    const parts: DesktopParts = {
      session: this.#session,
      settings: this.#settings,
      keys: this.#keys,
      remote: this.#remote.state(),
      examples: this.#examples,
    };
    this.#port?.current?.tell(desktopState(parts));
  }

  readonly #actions: DesktopActions = {
    openFile: async (path) => {
      const chosen = path ?? (this.#window && (await askForFile(this.#window)));
      return chosen === undefined ? undefined : this.#session.open(chosen);
    },
    reloadFile: async () => {
      const path = this.#session.rejected?.path ?? this.#session.current?.path;
      return path === undefined ? undefined : this.#session.open(path);
    },
    dismissRejected: () => this.#session.dismissRejected(),
    setKey: (provider, key) => {
      this.#keys.set(provider, key);
      this.#tellState();
    },
    removeKey: (provider) => {
      this.#keys.remove(provider);
      this.#tellState();
    },
    startRemote: async (host, port, allowNetwork) => {
      await this.#remote.start({ host, port, allowNetwork });
      this.#tellState();
    },
    stopRemote: async () => {
      await this.#remote.stop();
      this.#tellState();
    },
    rotateTokens: () => {
      this.#remote.rotateTokens();
      this.#tellState();
    },
    disconnectViewer: (id) => this.#remote.disconnect(id),
    setNotifications: (enabled) => {
      this.#settings.update({ notifications: enabled });
      this.#tellState();
    },
    setAttention: (request) => {
      this.#live = request.live;
      if (this.#window !== undefined) showAttention(this.#window, request, this.#settings.current.notifications);
    },
  };
}
