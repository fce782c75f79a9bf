/** What the window shows and steers, put together: one flock, its settings and keys, and its remote viewers. */
import { join, sep } from "node:path";
import { app, type BrowserWindow, Menu, safeStorage } from "electron";
import type { Role } from "../protocol/index.js";
import type { HistoryOptions } from "../runtime/index.js";
import { historyFolder } from "../runtime/recordings.js";
import type { Access } from "../server/index.js";
import { showAttention } from "./attention.js";
import { answerRequest, type DesktopActions } from "./desktop-requests.js";
import { type DesktopParts, desktopState } from "./desktop-state.js";
import { DEFAULT_EXAMPLE, type Example, listExamples } from "./examples.js";
import { askForFile, confirmReplace } from "./file-dialog.js";
import { FlockSession } from "./flock-session.js";
import type { ViewerHub } from "./ipc-transport.js";
import { KeyStore } from "./keys.js";
import { fileFromArgs } from "./launch-args.js";
import { menuTemplate } from "./menu.js";
import type { PageDoor } from "./page-door.js";
import { type PagePort, servePagePorts } from "./page-port.js";
import { Remote } from "./remote.js";
import { serverStarter } from "./remote-server.js";
import { Replays } from "./replays.js";
import { openFlock, type Runtime } from "./running-flock.js";
import type { SettingsStore } from "./settings.js";

/** Remote viewers come and go, and their lag changes, without anybody telling us. */
const REMOTE_STATE_EVERY_MS = 1_000;

/** Whatever is still running then is left behind: a quit must not hang. */
const QUIT_WITHIN_MS = 2_000;

export interface DesktopOptions {
  /** Where the app is, by the name that people know it by. */
  readonly appPath: string;
  readonly pageFolder: string;
  readonly settings: SettingsStore;
  readonly window: BrowserWindow;
  readonly door: PageDoor;
}

export class Desktop {
  readonly #appPath: string;
  readonly #examplesFolder: string;
  readonly #examples: readonly Example[];
  readonly #settings: SettingsStore;
  readonly #keys: KeyStore;
  readonly #remote: Remote<Runtime, Access>;
  readonly #session: FlockSession<Runtime>;
  readonly #window: BrowserWindow;
  readonly #port: PagePort;
  readonly #replays: Replays;
  #historyFault: string | null = null;
  #ending: Promise<void> | undefined;
  hasEnded = false;

  constructor({ appPath, pageFolder, settings, window, door }: DesktopOptions) {
    this.#appPath = appPath;
    this.#examplesFolder = join(appPath, "resources", "flocks");
    this.#examples = listExamples(this.#examplesFolder);
    this.#settings = settings;
    this.#keys = new KeyStore(settings, safeStorage);
    this.#remote = new Remote(serverStarter(pageFolder));
    this.#window = window;
    this.#session = new FlockSession<Runtime>({
      open: (path) => openFlock(path, this.#keys.keys, this.#historyOptions()),
      mayReplace: async () => this.#liveStreams === 0 || confirmReplace(window, this.#liveStreams),
      onOpened: (runtime, path) => this.#onOpened(runtime, path),
      onChange: () => this.#tellState(),
    });
    this.#replays = new Replays({
      folder: historyFolder(process.env),
      flush: async () => this.#session.current?.runtime.history?.flush(),
      onWatch: () => this.#showWatched(),
      onChange: () => this.#tellState(),
    });
    this.#port = servePagePorts({
      window,
      door,
      handlers: {
        onAttach: () => this.#tellState(),
        onRequest: (request) => answerRequest(request, this.#actions),
      },
      hub: () => this.#watched(),
      onDrop: (path) => void this.open(path),
    });
  }

  /** Opens the file, or else the first example, and fills the menu. */
  async start(file: string | undefined): Promise<void> {
    this.#keys.load();
    const ticker = setInterval(() => this.#remote.state().running && this.#tellState(), REMOTE_STATE_EVERY_MS);
    this.#window.once("closed", () => clearInterval(ticker));
    this.#showMenu();
    await this.#openFirst(file);
  }

  /** Of the open flock, whatever the page is shown. */
  get #liveStreams(): number {
    return this.#session.current?.runtime.hub.store.live.size ?? 0;
  }

  open(path: string): Promise<unknown> {
    return this.#session.open(path);
  }

  onSecondInstance(argv: readonly string[], workingDirectory: string): void {
    const window = this.#window;
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
    const file = fileFromArgs(argv, workingDirectory, this.#appPath);
    if (file !== undefined) void this.open(file);
  }

  /** Stops everything in order, then quits. */
  quit(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#replays.stop();
    const stopped = this.#remote.stop().then(() => this.#session.shutdown());
    await Promise.race([stopped.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, QUIT_WITHIN_MS))]);
    this.hasEnded = true;
    // Not from within `before-quit`: Electron would take the quit that was put off there for the one that is asked for here.
    setImmediate(() => app.quit());
  }

  #historyOptions(): HistoryOptions | undefined {
    const { folder } = this.#replays;
    if (folder === null || !this.#settings.current.recording) return undefined;
    return {
      folder,
      writerScript: join(__dirname, "history-writer.cjs"),
      onFault: (message) => {
        this.#historyFault = message;
        this.#tellState();
      },
    };
  }

  /** What the page is to see: what is replayed, or else the open flock; a replay is to be watched alone. */
  #watched(): { readonly hub: ViewerHub; readonly role: Role } | undefined {
    if (this.#ending !== undefined) return undefined;
    const { hub } = this.#replays;
    if (hub !== undefined) return { hub, role: "watch" };
    const open = this.#session.current?.runtime.hub;
    return open === undefined ? undefined : { hub: open, role: "control" };
  }

  #showWatched(): void {
    const watched = this.#watched();
    if (watched !== undefined) this.#port.current?.watch(watched.hub, watched.role);
  }

  async #openFirst(file: string | undefined): Promise<void> {
    const example = join(this.#examplesFolder, DEFAULT_EXAMPLE);
    const result = await this.#session.open(file ?? example);
    if (result === "rejected" && file !== undefined) {
      const { rejected } = this.#session;
      await this.#session.open(example);
      if (rejected !== undefined) this.#session.showRejected(rejected);
    }
  }

  async #onOpened(runtime: Runtime, path: string): Promise<void> {
    if (!path.startsWith(this.#examplesFolder + sep)) this.#settings.addRecent(path);
    this.#historyFault = null;
    // Who opens a flock wants to see it.
    this.#replays.stop();
    this.#showWatched();
    await this.#remote.follow(runtime);
    this.#showMenu();
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
      command: (command) => this.#port.current?.tell({ type: "desktop_command", command }),
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
      history: {
        folder: this.#replays.folder,
        enabled: this.#settings.current.recording,
        recording: this.#session.current?.runtime.history?.isRecording ?? false,
        fault: this.#historyFault,
      },
      replay: this.#replays.state,
    };
    this.#port.current?.tell(desktopState(parts));
  }

  readonly #actions: DesktopActions = {
    openFile: async (path) => {
      const chosen = path ?? (await askForFile(this.#window));
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
    listRecordings: () => this.#replays.list(),
    deleteRecording: (name) => this.#replays.delete(name),
    setRecording: async (enabled) => {
      this.#settings.update({ recording: enabled });
      if (!enabled) await this.#session.current?.runtime.history?.close();
      this.#tellState();
    },
    startReplay: (name) => this.#replays.start(name),
    steerReplay: (steering) => this.#replays.steer(steering),
    stopReplay: () => this.#replays.stop(),
    setNotifications: (enabled) => {
      this.#settings.update({ notifications: enabled });
      this.#tellState();
    },
    setAttention: (request) => {
      const isReplay = this.#replays.state !== null;
      // What was once urgent calls nobody any more.
      const calm = isReplay ? { ...request, live: 0, failed: 0 } : request;
      showAttention(this.#window, calm, this.#settings.current.notifications && !isReplay);
    },
  };
}
