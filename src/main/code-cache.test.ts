import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { CodeCache } from "./code-cache.js";

let folder: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-code-"));
  cache = join(folder, "cache");
});

const file = (name: string, source: string): string => {
  writeFileSync(join(folder, name), source);
  return join(folder, name);
};

/** What a start does; returns the exports. */
function start(path: string): unknown {
  const code = new CodeCache(cache);
  const exported = code.load(path);
  code.save();
  return exported;
}

const cached = (): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(readdirSync(cache).map((name) => [name, readFileSync(join(cache, name))]));

describe("what is loaded", () => {
  test("is a CommonJS file like any other, with the chunks beside it, each run once", () => {
    file("counter.cjs", "globalThis.runs = (globalThis.runs ?? 0) + 1; exports.runs = globalThis.runs;");
    const path = file(
      "main.cjs",
      'const a = require("./counter.cjs"), b = require("./counter.cjs"); module.exports = { same: a === b, runs: a.runs, file: __filename, folder: __dirname, sep: require("node:path").sep };',
    );
    expect(start(path)).toEqual({ same: true, runs: 1, file: path, folder, sep: join("a", "b").charAt(1) });
  });

  test("may be chunks that name each other", () => {
    file("b.cjs", 'const a = require("./a.cjs"); exports.late = () => a.name;');
    const a = start(file("a.cjs", 'exports.name = "a"; exports.b = require("./b.cjs");')) as { b: { late(): string } };
    expect(a.b.late()).toBe("a");
  });

  test("is what Node has loaded, where Node has", () => {
    const path = file("entry.cjs", "exports.entry = true;");
    const byNode: unknown = createRequire(path)(path);
    expect(new CodeCache(cache).load(path)).toBe(byNode);
  });

  test("fails as it would without a cache", () => {
    const faulty = file("faulty.cjs", 'throw new RangeError("of its own")');
    const code = new CodeCache(cache);
    for (const _time of [1, 2]) expect(() => code.load(faulty)).toThrow(RangeError);
    expect(() => start(file("broken.cjs", "const = 1"))).toThrow(SyntaxError);
    expect(() => start(join(folder, "missing.cjs"))).toThrow(/ENOENT/);
  });
});

describe("the cache", () => {
  const source = "exports.add = (a, b) => a + b; exports.sum = exports.add(1, 2);";
  const result = expect.objectContaining({ sum: 3 });

  /** Whether this start had to compile: such a start writes. */
  function compiles(path: string): boolean {
    const code = new CodeCache(cache);
    expect(code.load(path)).toEqual(result);
    rmSync(cache, { recursive: true, force: true });
    code.save();
    return existsSync(cache);
  }

  test("is written by the first start and used by the second", () => {
    const path = file("main.cjs", source);
    start(path);
    const before = cached();
    expect(Object.keys(before)).toEqual(["main.cjs.bin"]);
    start(path);
    expect(cached()).toEqual(before);
    expect(compiles(path)).toBe(false);
    expect(compiles(path)).toBe(true);
  });

  test("holds what ran, not only what stands at the top", () => {
    const path = file("main.cjs", `exports.run = () => { ${"{ let x = 1; x += 2; } ".repeat(500)} };`);
    const size = (run: boolean): number => {
      rmSync(cache, { recursive: true, force: true });
      const code = new CodeCache(cache);
      const { run: lazy } = code.load(path) as { run(): void };
      if (run) lazy();
      code.save();
      return cached()["main.cjs.bin"]?.length ?? 0;
    };
    const untouched = size(false);
    expect(size(true)).toBeGreaterThan(2 * untouched);
  });

  test("is not used for another source, be it as long as the one before", () => {
    const path = file("main.cjs", "exports.sum = 4;");
    start(path);
    file("main.cjs", "exports.sum = 3;");
    expect(start(path)).toEqual({ sum: 3 });
    expect(start(path)).toEqual({ sum: 3 });
    expect(compiles(path)).toBe(false);
  });

  test.each([
    ["empty", () => Buffer.alloc(0)],
    ["cut off", (data: Buffer) => data.subarray(0, data.length - 20)],
    ["changed in one byte", (data: Buffer) => data.map((byte, index) => (index === data.length - 9 ? byte ^ 1 : byte))],
    ["changed in its key", (data: Buffer) => data.map((byte, index) => (index === 3 ? byte ^ 1 : byte))],
  ])("that is %s is not used, and is replaced", (_how, spoil) => {
    const path = file("main.cjs", source);
    start(path);
    writeFileSync(join(cache, "main.cjs.bin"), spoil(cached()["main.cjs.bin"] ?? Buffer.alloc(0)));
    expect(start(path)).toEqual(result);
    expect(compiles(path)).toBe(false);
  });

  test("is not used by a start after one that died with it, and by those after that again", () => {
    const path = file("main.cjs", source);
    start(path);
    new CodeCache(cache).load(path);
    expect(Object.keys(cached())).toEqual(["main.cjs.bin", "starting"]);
    const code = new CodeCache(cache);
    expect(existsSync(cache)).toBe(false);
    expect(code.load(path)).toEqual(result);
    code.save();
    expect(Object.keys(cached())).toEqual(["main.cjs.bin"]);
    expect(compiles(path)).toBe(false);
  });

  test("that cannot be written costs nothing but time", () => {
    const path = file("main.cjs", source);
    cache = file("a-file", "in the way");
    expect(start(path)).toEqual(result);
    expect(start(path)).toEqual(result);
    expect(readFileSync(cache, "utf8")).toBe("in the way");
  });
});
