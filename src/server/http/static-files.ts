import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { getMimeType } from "hono/utils/mime";

export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Vite's content hash before the extension: the file of a name never changes. */
const HASHED = /-[\w-]{8,}\.\w+$/;

function listFiles(root: string, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(root, path);
    return entry.isFile() && !entry.name.endsWith(".map") ? [path] : [];
  });
}

/**
 * The viewer bundle. The folder is listed once, so that a request can name a listed file or nothing: no path leads out
 * of it. A file is read when it is first asked for, and kept.
 */
export class StaticFiles {
  readonly #paths = new Map<string, string>();
  readonly #loaded = new Map<string, StaticFile>();

  /** @throws Error when the folder has no index.html. */
  constructor(root: string) {
    if (!statSync(join(root, "index.html"), { throwIfNoEntry: false })?.isFile()) {
      throw new Error(`The viewer is not built: there is no index.html in ${root}. Run: npm run build`);
    }
    for (const path of listFiles(root)) this.#paths.set(`/${path}`, join(root, path));
  }

  get(path: string): StaticFile | undefined {
    const loaded = this.#loaded.get(path);
    if (loaded) return loaded;
    const location = this.#paths.get(path);
    if (location === undefined) return undefined;
    const file = {
      body: new Uint8Array(readFileSync(location)),
      headers: {
        "Content-Type": getMimeType(path) ?? "application/octet-stream",
        "Cache-Control": HASHED.test(path) ? "private, max-age=31536000, immutable" : "no-store",
      },
    };
    this.#loaded.set(path, file);
    return file;
  }
}
