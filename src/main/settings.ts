/** What the app remembers between starts: one JSON file in the user's data folder, replaced atomically. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
});
export type Bounds = z.infer<typeof boundsSchema>;

const settingsSchema = z.object({
  recent: z.array(z.string()).catch([]),
  window: z.object({ bounds: boundsSchema, maximized: z.boolean() }).nullable().catch(null),
  notifications: z.boolean().catch(false),
  /** Provider → key, encrypted by the system's keychain, in base64. */
  keys: z.record(z.string(), z.string()).catch({}),
});
export type Settings = z.infer<typeof settingsSchema>;

const MOST_RECENT = 10;

function readSettings(path: string): Settings {
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Missing or broken: nothing in it is worth keeping the app from starting.
    return settingsSchema.parse({});
  }
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
