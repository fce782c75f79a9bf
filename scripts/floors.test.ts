import { expect, test } from "vitest";
import { findViolations, importsOf, LONGEST_FILE, readSources } from "./floors.mjs";

function violations(path: string, text: string): string[] {
  return findViolations(new Map([[path, text]]));
}

test("the sources keep to their floors", () => {
  expect(findViolations(readSources())).toEqual([]);
});

test.each([
  ["an upward import", "src/core/a.ts", 'import { hub } from "../relay/index.js";'],
  ["a sideways import", "src/engines/a.ts", 'import { load } from "../flockfile/index.js";'],
  ["an upward re-export", "src/protocol/a.ts", 'export * from "../core/index.js";'],
  ["an upward type import", "src/relay/a.ts", 'import type { Flock } from "../core/index.js";'],
  ["an upward dynamic import", "src/server/a.ts", 'const cli = await import("../cli/index.js");'],
  ["an import over several lines", "src/renderer/a.tsx", 'import {\n  a,\n  b,\n} from "../main/index.js";'],
  ["electron outside the desktop", "src/server/a.ts", 'import { app } from "electron";'],
  ["react outside the page", "src/protocol/a.ts", 'import { useState } from "react";'],
  ["a way out of src", "src/core/a.ts", 'import x from "../../scripts/floors.mjs";'],
  ["a folder that is on no floor", "src/helpers/a.ts", "export const a = 1;"],
  ["a file that is too long", "src/core/a.ts", "\n".repeat(LONGEST_FILE + 1)],
])("finds %s", (_what, path, text) => {
  const found = violations(path, text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(path);
});

test.each([
  ["a neighbour", "src/core/a.ts", 'import { b } from "./b.js";'],
  ["a floor below", "src/server/a.ts", 'import { startRuntime } from "../runtime/index.js";'],
  ["a library", "src/core/a.ts", 'import { z } from "zod";'],
  ["a test that builds on several floors", "src/relay/a.test.ts", 'import { Flock } from "../core/index.js";'],
  ["a file of just the right length", "src/core/a.ts", "\n".repeat(LONGEST_FILE)],
])("allows %s", (_what, path, text) => {
  expect(violations(path, text)).toEqual([]);
});

test("reads imports in every form and nothing else", () => {
  const text = `
    import a from "./a.js";
    import { type B, c } from './b.js';
    import "./side-effect.css";
    export { d } from "./d.js";
    const e = import("./e.js");
    const words = "they import from anywhere";
    reimport("./f.js");
  `;
  expect(importsOf(text)).toEqual(["./a.js", "./b.js", "./side-effect.css", "./d.js", "./e.js"]);
});
