/** The package as its users get it: packed, unpacked into a project that has zod and nothing else, and used. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import manifest from "../package.json" with { type: "json" };
import { root, toolNode } from "./lib/paths.mjs";
import { run, runNpm } from "./lib/run.mjs";

const project = mkdtempSync(join(tmpdir(), "flockdeck-project-"));
const installed = join(project, "node_modules", "flockdeck");
afterAll(() => rmSync(project, { recursive: true, force: true }));

beforeAll(async () => {
  const packed = await runNpm(["pack", "--pack-destination", project], { cwd: root });
  const tarball = readdirSync(project).find((name) => name.endsWith(".tgz"));
  if (packed.code !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${packed.output}`);
  mkdirSync(installed, { recursive: true });
  const untarred = await run("tar", ["-xzf", tarball, "-C", "node_modules/flockdeck", "--strip-components", "1"], {
    cwd: project,
  });
  if (untarred.code !== 0) throw new Error(untarred.output);
  mkdirSync(join(project, "node_modules", "@types"));
  for (const name of ["zod", "@types/node"])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name), "junction");
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
}, 300_000);

function put(name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return name;
}

function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
  return { status, stdout, stderr };
}

const examples = [
  ...readFileSync(join(root, "docs", "library.md"), "utf8").matchAll(/^## (.+)$|^```ts\n([\s\S]*?)^```$/gm),
].reduce<{ heading: string; code: string }[]>((found, [, heading, code]) => {
  const above = heading ?? found.at(-1)?.heading ?? "";
  if (heading !== undefined) found.push({ heading, code: "" });
  else if (code !== undefined) found.push({ heading: above, code });
  return found;
}, []);
const runnable = examples.filter(({ code }) => code !== "").map((example, index) => ({ ...example, index }));

describe("the packed files", () => {
  const files = () =>
    readdirSync(installed, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));

  test("hold the build, the launcher, the examples and the papers", () => {
    expect(files()).toEqual(
      expect.arrayContaining([
        ...["README.md", "LICENSE", "PROTOCOL.md", "package.json", "bin/flockdeck.js", "bin/headless.cjs"],
        ...["out/cli/index.cjs", "out/main/index.cjs", "out/preload/index.cjs", "out/renderer/index.html"],
        ...["newsroom", "compare-models", "wide"].map((name) => `resources/flocks/${name}.yaml`),
      ]),
    );
  });

  test("hold what package.json exports, and types for each", () => {
    const exported = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : [target.types, target.default],
    );
    expect(exported.length).toBeGreaterThan(10);
    expect(exported.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  });

  test("hold no sources, no tests and no libraries", () => {
    expect(
      files().filter((name) => /(^|\/)(src|e2e|bench|test|node_modules)(\/|$)|\.(test|testing)\./.test(name)),
    ).toEqual([]);
  });
});

describe("the launcher of the package", () => {
  const launcher = join("node_modules", "flockdeck", "bin", "flockdeck.js");

  test("tells its version", () => {
    expect(node(launcher, "--version")).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test("runs a flock file, and builds nothing", () => {
    const file = put(
      "flock.yaml",
      "model: demo/echo?tps=0\ntypes: { T: text, A: text }\nagents: [{ name: a, consumes: [T], publishes: [A] }]\npublish: { T: { text: hello } }\n",
    );
    const { status, stdout, stderr } = node(launcher, "--cli", file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("hello");
  });

  test("finds its own examples faultless", () => {
    const { status } = node(launcher, "--validate", join(installed, "resources", "flocks", "newsroom.yaml"));
    expect(status).toBe(0);
  });
});

describe("an example of the page on the library", () => {
  test.each(runnable)("$heading ($index)", ({ code, index }) => {
    const file = put(`example-${index}.js`, stripTypeScriptTypes(code));
    const { status, stdout, stderr } = node(file);
    expect(status, stderr).toBe(0);
    const expected = [...code.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual(expected);
  });
});

describe("the library", () => {
  test("has one copy of every class, whatever was imported first", () => {
    const file = put(
      "one-copy.js",
      `import { serveFlock } from "flockdeck/server";
       import { buildFlock, parseFlockFile } from "flockdeck/flockfile";
       import { createEngineResolver } from "flockdeck/engines";
       import { Context, Flock, FlockError } from "flockdeck/core";
       const { definition } = parseFlockFile("types: { T: text }\\nagents: [{ name: a, consumes: [T] }]\\npublish: { T: { text: t } }");
       const seen = [];
       const flock = buildFlock(definition, { engine: { name: "e", evaluate: async (_agent, context) => { seen.push(context instanceof Context); return { outputs: [] }; } } });
       seen.push(flock instanceof Flock);
       await flock.publishAll(definition.sample);
       await flock.runUntilIdle();
       try { createEngineResolver()("no model"); } catch (error) { seen.push(error instanceof FlockError); }
       await serveFlock(flock, { port: -1 }).catch((error) => seen.push(error instanceof FlockError));
       console.log(JSON.stringify(seen));`,
    );
    expect(node(file)).toEqual({ status: 0, stdout: "[true,true,true,true]\n", stderr: "" });
  });

  test("can be required", () => {
    const names = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
    const requires = names.map((name) => `require(${JSON.stringify(name.replace(".", "flockdeck"))})`);
    const file = put("required.cjs", `console.log([${requires}].every((it) => Object.keys(it).length > 0));`);
    expect(node(file)).toMatchObject({ status: 0, stdout: "true\n" });
  });

  test.each([
    ["core", ["croner"]],
    ["engines", []],
  ])("%s loads at once no more than it always needs", (name, libraries) => {
    expect(loadedAtOnce(name)).toEqual(libraries);
  });

  test.each(["flockfile", "server", "cli"])("%s leaves models' libraries to the first call", (name) => {
    const loaded = loadedAtOnce(name);
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((library) => /^(ai|@ai-sdk\/.*|@modelcontextprotocol\/.*)$/.test(library))).toEqual([]);
  });
});

/** The bundler's note of where what follows comes from. */
const region = /^\/\/ (?:#region )?node_modules\/((?:@[^/]+\/)?[^/]+)/gm;

/** The bundled libraries of an entry, and of all that it imports without being asked to. */
function loadedAtOnce(name: string): string[] {
  const texts = new Map<string, string>();
  const waiting = [join(installed, manifest.exports[`./${name}` as "./core"].default)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const text = readFileSync(file, "utf8");
    texts.set(file, text);
    for (const [, path] of text.matchAll(/^(?:import|export) (?:.* from )?"(\..*)";$/gm))
      waiting.push(join(dirname(file), path ?? ""));
  }
  const libraries = [...texts.values()].flatMap((text) =>
    [...text.matchAll(region)].map(([, library]) => library ?? ""),
  );
  return [...new Set(libraries)];
}

describe("a served flock of a program", () => {
  let child: ChildProcessByStdio<Writable, Readable, null>;
  let service: { url: string; watchToken: string; controlToken: string };

  beforeAll(async () => {
    const file = put(
      "served.js",
      `import { Flock, textArtifact } from "flockdeck/core";
       import { createEngineResolver } from "flockdeck/engines";
       import "flockdeck/server";
       const [Topic, Article] = [textArtifact("Topic"), textArtifact("Article")];
       const flock = new Flock({ model: "demo/echo?tps=0", resolveEngine: createEngineResolver() });
       flock.agent("reporter").consumes(Topic).publishes(Article);
       const { close, ...service } = await flock.serve({ dashboard: true, port: 0 });
       console.log(JSON.stringify(service));
       process.stdin.resume().on("end", () => flock.shutdown());`,
    );
    child = spawn(process.execPath, [file], { cwd: project, stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(child.stdout, "data");
    service = JSON.parse(String(line));
  });
  afterAll(() => child.kill());

  test("is healthy, in dashboard mode, with the viewer at its door", async () => {
    const health = await fetch(`${service.url}/healthz`);
    expect(await health.json()).toEqual({ status: "ok", runtime_mode: "dashboard", version: manifest.version });
    const page = await fetch(service.url, { headers: { Authorization: `Bearer ${service.watchToken}` } });
    expect(await page.text()).toContain('<div id="root"');
  });

  test("streams to a viewer that attaches, takes what it publishes, and ends with the flock", async () => {
    const ws = new WebSocket(`${service.url.replace("http", "ws")}/ws`, [
      "flockdeck.v1.json",
      `flockdeck.token.${service.controlToken}`,
    ]);
    let text = "";
    const finished = new Promise<void>((resolve, reject) => {
      ws.on("error", reject);
      ws.on("message", (data) => {
        for (const message of [JSON.parse(String(data))].flat()) {
          if (message.type === "hello") ws.send(JSON.stringify({ type: "attach" }));
          if (message.type === "sync_complete")
            ws.send(
              JSON.stringify({ type: "publish", request_id: "1", artifact_type: "Topic", payload: { text: "kites" } }),
            );
          if (message.type === "stream_chunk") text += message.chunk;
          if (message.type === "workflow_finished") resolve();
        }
      });
    });
    await finished;
    expect(text).toBe("kites");
    const [closed, exited] = [once(ws, "close"), once(child, "exit")];
    child.stdin.end();
    expect((await closed)[0]).toBe(1001);
    expect(await exited).toEqual([0, null]);
  });
});

describe("a consumer's compiler", () => {
  const wrongUse = `import { artifact, Flock } from "flockdeck/core";
import { parseFlockFile } from "flockdeck/flockfile";
import { serveFlock } from "flockdeck/server";
import { z } from "zod";
const Topic = artifact("Topic", z.object({ title: z.string() }));
// @ts-expect-error a title is a string
void new Flock().publish(Topic, { title: 5 });
// @ts-expect-error there may be no definition
parseFlockFile("").definition.name;
export const link: Promise<string> = serveFlock(new Flock()).then((server) => server.watchLink);
`;

  test.each([
    ["NodeNext", "NodeNext"],
    ["Bundler", "ESNext"],
  ])("resolves and checks everything with moduleResolution %s", async (moduleResolution, module) => {
    const folder = join(project, `types-${moduleResolution}`);
    mkdirSync(folder);
    put(join(`types-${moduleResolution}`, "wrong-use.ts"), wrongUse);
    for (const { code, index } of runnable) put(join(`types-${moduleResolution}`, `example-${index}.ts`), code);
    const compilerOptions = {
      ...{ target: "ES2022", lib: ["ES2023"], types: ["node"], module, moduleResolution },
      ...{ strict: true, noEmit: true, skipLibCheck: false, moduleDetection: "force" },
    };
    put(join(`types-${moduleResolution}`, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { code, output } = await run(toolNode(), [tsc, "-p", folder], { cwd: dirname(folder) });
    expect(output).toBe("");
    expect(code).toBe(0);
  });
});
