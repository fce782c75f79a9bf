import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { formatWithOptions } from "node:util";
import { describe, expect, test } from "vitest";
import * as zod from "zod";
import { buildFlock, formatFault, parseFlockFile } from "../flockfile/index.js";
import * as core from "./index.js";

/** The examples of the page on orchestration, each with the heading above it. */
function examples(language: string): { heading: string; code: string }[] {
  const page = readFileSync(new URL("../../docs/orchestration.md", import.meta.url), "utf8");
  let heading = "";
  return [...page.matchAll(/^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, title, found, code]) => {
    if (title !== undefined) heading = title;
    return found === language && code !== undefined ? [{ heading, code }] : [];
  });
}

/** What the example says it gives, line by line. */
function expected(code: string, mark: string): string[] {
  return [...code.matchAll(new RegExp(`^${mark} → (.*)$`, "gm"))].map(([, line]) => line ?? "");
}

const modules: Record<string, unknown> = { "flockdeck/core": core, zod };
const AsyncFunction = (async () => {}).constructor as new (...body: string[]) => (...args: unknown[]) => Promise<void>;

/** Runs an example and gives what it printed. */
async function printed(code: string): Promise<string[]> {
  const lines: string[] = [];
  const print = { log: (...data: unknown[]) => void lines.push(formatWithOptions({ breakLength: 200 }, ...data)) };
  const body = stripTypeScriptTypes(code).replace(
    /^import \{(.*?)\} from "(.*?)";$/gm,
    (_all, names, from) => `const {${names}} = modules["${from}"];`,
  );
  await new AsyncFunction("modules", "console", body)(modules, print);
  return lines;
}

describe("an example in code", () => {
  test.each(examples("ts"))("$heading", async ({ code }) => {
    expect(await printed(code)).toEqual(expected(code, "//"));
  });
});

/** The least that the schemas of this page ask for; numbers are `n`. */
function sampleOf({ properties = {} }: { properties?: Record<string, { type: string }> }, n: number): unknown {
  return Object.fromEntries(Object.entries(properties).map(([key, { type }]) => [key, type === "string" ? "x" : n]));
}

/** Makes of every type what its schema asks for. Numbers tell how often its agent has asked: 1, 2, 3 … */
function sampleEngine(): core.Engine {
  const calls = new Map<string, number>();
  return {
    name: "sample",
    async evaluate({ name }, _context, { output }) {
      const n = (calls.get(name) ?? 0) + 1;
      calls.set(name, n);
      const outputs = output.types.flatMap((type) =>
        Array.from({ length: output.fanOut }, () => ({
          type: type.name,
          payload: type.isText ? { text: "some text" } : sampleOf(type.jsonSchema, n),
        })),
      );
      return { outputs };
    },
  };
}

describe("an example as a flock file", () => {
  test.each(examples("yaml"))("$heading", async ({ code }) => {
    const { definition, faults } = parseFlockFile(code, { path: "example.yaml" });
    expect(
      faults.map((fault) => formatFault("example.yaml", fault)).filter((line) => line.includes(" error:")),
    ).toEqual([]);
    if (!definition) throw new Error("The example is no flock file");
    const engine = sampleEngine();
    const flock = buildFlock(definition, { mode: "test", resolveEngine: () => engine });
    const tellsModels = expected(code, "#").some((line) => line.includes(" ("));
    const runs: string[] = [];
    flock.on((event) => {
      if (event.type !== "agent_activated") return;
      const types = event.consumedArtifacts.map((id) => flock.board.get(id)?.type);
      const model = flock.agents.find(({ name }) => name === event.agentName)?.model;
      runs.push(`${event.agentName}${tellsModels ? ` (${model})` : ""}: ${types.join(" ")}`);
    });
    await flock.publishAll(definition.sample);
    await flock.runUntilIdle();
    expect(runs).toEqual(expected(code, "#"));
    expect(flock.workflows.every((workflow) => workflow.status === "completed")).toBe(true);
    await flock.shutdown();
  });
});
