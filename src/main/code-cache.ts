/**
 * Loads this app's own CommonJS chunks with what V8 compiled of them at an earlier start: more than half of the time that
 * loading takes is compiling. A missing, foreign or damaged cache costs that time and nothing else.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

const DIGEST_BYTES = 32;

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

export class CodeCache {
  readonly #folder: string;
  readonly #exports = new Map<string, { exports: unknown }>();
  readonly #toSave: Chunk[] = [];

  /** @param folder where the cache is kept; it is made when something is written */
  constructor(folder: string) {
    this.#folder = folder;
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
    this.#compile(file).call(module.exports, module.exports, require, module, file, dirname(file));
    return module.exports;
  }

  /** Writes what was compiled so far of the chunks that no cache was found for. Call it once the app has started. */
  save(): void {
    for (const { script, cacheFile, key } of this.#toSave.splice(0)) {
      try {
        const data = script.createCachedData();
        const draft = `${cacheFile}.${process.pid}`;
        mkdirSync(this.#folder, { recursive: true });
        writeFileSync(draft, Buffer.concat([key, digest(data), data]));
        renameSync(draft, cacheFile);
      } catch {
        // A full or read-only disk: the next start compiles, as this one did.
      }
    }
  }

  #compile(file: string): (...wrapped: unknown[]) => void {
    const source = readFileSync(file, "utf8");
    const cacheFile = join(this.#folder, `${basename(file)}.bin`);
    // V8 compares versions, flags and the length of the source, but not the source.
    const key = digest(process.versions.v8, "\0", source);
    const cachedData = readCache(cacheFile, key);
    const script = new Script(Module.wrap(source), {
      filename: file,
      ...(cachedData && { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) this.#toSave.push({ script, cacheFile, key });
    return script.runInThisContext() as (...wrapped: unknown[]) => void;
  }
}
