/** What the app remembers between starts: one JSON file in the user's data folder, replaced atomically. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** In pixels of the screen that the window is on. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Settings {
  readonly recent: readonly string[];
  readonly window: { readonly bounds: Bounds; readonly maximized: boolean } | null;
  readonly notifications: boolean;
  /** Whether what runs is recorded. */
  readonly recording: boolean;
  /** Provider → key, encrypted by the system's keychain, in base64. */
  readonly keys: Readonly<Record<string, string>>;
}

const SMALLEST = 200;

const MOST_RECENT = 10;

type Unknowns = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Unknowns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isBounds(value: unknown): value is Bounds {
  if (!isObject(value)) return false;
  const { x, y, width, height } = value;
  return (
    [x, y, width, height].every((pixels) => Number.isSafeInteger(pixels)) &&
    Number(width) >= SMALLEST &&
    Number(height) >= SMALLEST
  );
}

function readWindow(value: unknown): Settings["window"] {
  if (!isObject(value) || !isBounds(value.bounds) || typeof value.maximized !== "boolean") return null;
  const { x, y, width, height } = value.bounds;
  return { bounds: { x, y, width, height }, maximized: value.maximized };
}

function readKeys(value: unknown): Settings["keys"] {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])));
}

/** Without a schema library: the window's place is needed before anything else is loaded. */
function readSettings(path: string): Settings {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Missing or broken: nothing in it is worth keeping the app from starting.
  }
  const { recent, window, notifications, recording, keys } = isObject(found) ? found : {};
  return {
    recent: Array.isArray(recent) && recent.every(isText) ? recent : [],
    window: readWindow(window),
    notifications: notifications === true,
    recording: recording !== false,
    keys: readKeys(keys),
  };
}

export class SettingsStore {
  readonly #path: string;
  #settings: Settings;

  constructor(path: string) {
    this.#path = path;
    this.#settings = readSettings(path);
  }

  get current(): Settings {
    return this.#settings;
  }

  update(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    const temporary = `${this.#path}.${process.pid}.tmp`;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(this.#settings, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, this.#path);
  }

  addRecent(file: string): void {
    const others = this.#settings.recent.filter((path) => path !== file);
    this.update({ recent: [file, ...others].slice(0, MOST_RECENT) });
  }
}
