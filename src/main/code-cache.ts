/**
 * Loads this app's own CommonJS chunks with what V8 compiled of them at an earlier start: more than half of the time that
 * loading takes is compiling. A missing, foreign or damaged cache costs that time and nothing else.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

const DIGEST_BYTES = 32;

const RUNTIME = [
  process.platform,
  process.arch,
  process.version,
  process.versions.electron,
  cachedDataVersionTag(),
].join();

interface Chunk {
  readonly script: Script;
  readonly cacheFile: string;
  readonly key: Buffer;
}

function digest(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A file is the key of what was compiled, the digest of the data, and the data. */
function readCache(file: string, key: Buffer): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const data = content.subarray(2 * DIGEST_BYTES);
    const isOurs = content.subarray(0, DIGEST_BYTES).equals(key);
    // V8 itself does not notice damaged data, and crashes.
    return isOurs && content.subarray(DIGEST_BYTES, 2 * DIGEST_BYTES).equals(digest(data)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A marker that stays keeps the cache from being used; a draft is written over.
  }
}

export class CodeCache {
  readonly #folder: string;
  readonly #exports = new Map<string, { exports: unknown }>();
  readonly #toSave: Chunk[] = [];

  /** There while what a cache gave is tried: until the app has started and, where chunks were loaded after that, has quit. */
  readonly #marker: string;
  #isMarked = false;

  /** @param folder where the cache is kept; it is made when something is written */
  constructor(folder: string) {
    this.#folder = folder;
    this.#marker = join(folder, "starting");
    // The start before may have died of what it found: this one compiles.
    if (existsSync(this.#marker)) remove(folder);
  }

  /**
   * The exports of a CommonJS file. The chunks that it names by a relative path are loaded the same way, unless Node has
   * loaded them already.
   * @throws what the file throws, and where it cannot be read
   */
  load(file: string): unknown {
    const nodeRequire = createRequire(file);
    const loaded = this.#exports.get(file) ?? nodeRequire.cache[file];
    if (loaded !== undefined) return loaded.exports;
    const module = { exports: {} };
    this.#exports.set(file, module);
    const require = (id: string): unknown =>
      id.startsWith(".") ? this.load(join(dirname(file), id)) : nodeRequire(id);
    try {
      this.#compile(file).call(module.exports, module.exports, require, module, file, dirname(file));
    } catch (error) {
      this.#exports.delete(file);
      throw error;
    }
    return module.exports;
  }

  /** Writes what was compiled so far of the chunks that no cache was found for. Call it once the app has started. */
  save(): void {
    if (this.#isMarked) remove(this.#marker);
    this.#isMarked = false;
    for (const { script, cacheFile, key } of this.#toSave.splice(0)) {
      const draft = `${cacheFile}.draft`;
      try {
        const data = script.createCachedData();
        mkdirSync(this.#folder, { recursive: true });
        writeFileSync(draft, Buffer.concat([key, digest(data), data]));
        renameSync(draft, cacheFile);
      } catch {
        // A full or read-only disk: the next start compiles, as this one did.
        remove(draft);
      }
    }
  }

  /** Whether it is known, should this start die, that it did. */
  #mark(): boolean {
    try {
      if (!this.#isMarked) writeFileSync(this.#marker, "", { flag: "wx" });
      this.#isMarked = true;
    } catch {
      // There is no cache yet, or one that is not ours to write to.
    }
    return this.#isMarked;
  }

  #compile(file: string): (...wrapped: unknown[]) => void {
    const source = readFileSync(file, "utf8");
    const cacheFile = join(this.#folder, `${basename(file)}.bin`);
    // V8 compares its version, flags and the length of the source, but not the source; and not all that a binary is.
    const key = digest(RUNTIME, "\0", source);
    const cachedData = this.#mark() ? readCache(cacheFile, key) : undefined;
    const script = new Script(Module.wrap(source), {
      filename: file,
      ...(cachedData && { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) this.#toSave.push({ script, cacheFile, key });
    return script.runInThisContext() as (...wrapped: unknown[]) => void;
  }
}
