import { afterEach, describe, expect, it } from "vitest";
import { Flock, FlockError, type TextPayload, textArtifact } from "../core/index.js";
import { createServiceStarter, type FlockServer, type ServeFlockOptions } from "./serve-flock.js";
import {
  bearer,
  bundleFolder,
  type Client,
  cleanUp,
  connect,
  isType,
  onCleanUp,
  send,
  startBench,
} from "./server.testing.js";

afterEach(cleanUp);

const Topic = textArtifact("Topic");
const Article = textArtifact("Article");

function newsroom(options: { mode?: "api" } = {}): Flock {
  const flock = new Flock(options);
  flock
    .agent("reporter")
    .description("Writes.")
    .consumes(Topic)
    .publishes(Article)
    .withEngine(({ artifacts }) => `On ${(artifacts[0]?.payload as TextPayload | undefined)?.text}`);
  onCleanUp(() => flock.shutdown({ deadline: 0 }));
  return flock;
}

interface Served extends FlockServer {
  readonly port: number;
}

/** `flock.serve(…)` as after `import "flockdeck/server"`, on a free port. */
async function serve(
  options: ServeFlockOptions = {},
  flock = newsroom(),
  viewerFolder = "no-such-folder",
): Promise<Served> {
  const start = createServiceStarter(viewerFolder);
  const service = await start(flock, { port: 0, ...options });
  onCleanUp(() => service.close());
  return { ...service, port: Number(new URL(service.url).port) };
}

function watch(service: Served): Promise<Client> {
  return connect(service, { token: service.watchToken });
}

describe("a flock made in code", () => {
  it("decides the mode and takes the starter that it was given", async () => {
    const flock = new Flock({ serviceStarter: createServiceStarter(bundleFolder()) });
    onCleanUp(() => flock.shutdown());
    const service = await flock.serve({ dashboard: true, port: 0 });
    expect(flock.context.runtimeMode).toBe("dashboard");
    const health = await fetch(`${service.url}/healthz`);
    expect(await health.json()).toMatchObject({ status: "ok", runtime_mode: "dashboard" });
    const page = await fetch(`${service.url}/`, { headers: bearer(service.watchToken ?? "") });
    expect(await page.text()).toContain("the viewer");
    expect(service.watchLink).toBe(`${service.url}/#token=${service.watchToken}`);
    expect(service.controlLink).toBe(`${service.url}/#token=${service.controlToken}`);
  });

  it("shows viewers what happens in it, and takes their commands", async () => {
    const flock = newsroom({ mode: "api" });
    const service = await serve({ name: "Newsroom", sample: { Topic: { text: "Flight" } } }, flock);
    const viewer = await connect(service, { token: service.controlToken });
    const hello = await viewer.until(isType("hello"));
    expect(hello).toMatchObject({
      runtime_mode: "api",
      role: "control",
      flock: { name: "Newsroom", sample: { Topic: { text: "Flight" } } },
      agents: [{ name: "reporter", consumes: ["Topic"], publishes: ["Article"] }],
    });
    viewer.send({ type: "publish", request_id: "p", artifact_type: "Topic", payload: { text: "kites" } });
    expect(await viewer.until(isType("reply"))).toMatchObject({ ok: true });
    expect(await viewer.until(isType("workflow_finished"))).toMatchObject({ status: "completed" });
    expect(flock.board.list({ type: "Article" }).map(({ payload }) => payload)).toEqual([{ text: "On kites" }]);
  });

  it("shows viewers what was on its board before it was served", async () => {
    const flock = newsroom({ mode: "api" });
    await flock.publish(Topic, { text: "kites" });
    await flock.runUntilIdle();
    const viewer = await watch(await serve({}, flock));
    await viewer.until(isType("sync_complete"));
    expect(viewer.messages.flatMap((m) => (m.type === "artifact_published" ? [m.artifact.payload] : []))).toEqual([
      { text: "kites" },
      { text: "On kites" },
    ]);
    expect(viewer.messages.filter(isType("workflow_finished"))).toMatchObject([{ status: "completed" }]);
  });

  it("tells agents that came later", async () => {
    const flock = newsroom({ mode: "api" });
    const service = await serve({}, flock);
    flock.agent("editor").consumes(Article);
    const agents = await send(service, "/api/v1/agents", { headers: bearer(service.watchToken) });
    expect(agents.json()).toMatchObject({ items: [{ name: "reporter" }, { name: "editor" }] });
    const { agents: told } = await (await watch(service)).until(isType("hello"));
    expect(told.map(({ name }) => name)).toEqual(["reporter", "editor"]);
  });

  it("goes on when its service closes; its viewers are let go", async () => {
    const flock = newsroom({ mode: "api" });
    const service = await serve({}, flock);
    const viewer = await watch(service);
    await viewer.until(isType("sync_complete"));
    await service.close();
    expect((await viewer.closed).code).toBe(1001);
    await flock.publish(Topic, { text: "kites" });
    await flock.runUntilIdle();
    expect(flock.board.list({ type: "Article" })).toHaveLength(1);
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  });

  it("closes its service when it shuts down", async () => {
    const flock = new Flock({ serviceStarter: createServiceStarter("") });
    const { url } = await flock.serve({ port: 0 });
    await flock.shutdown();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it("takes tokens and a bound on viewers", async () => {
    const service = await serve({ watchToken: "w".repeat(32), controlToken: "c".repeat(32), maxViewers: 1 });
    expect(service).toMatchObject({ watchToken: "w".repeat(32), controlToken: "c".repeat(32) });
    await (await watch(service)).until(isType("sync_complete"));
    expect((await (await watch(service)).closed).code).toBe(1013);
  });

  it.each([
    ["a port that cannot be", { port: 70_000 }, /port/],
    ["a host of nothing", { host: "" }, /host/],
    ["an option that there is not", { prot: 8344 }, /prot/],
    ["an empty token", { watchToken: "" }, /watchToken/],
    ["one token for both", { watchToken: "same", controlToken: "same" }, /are the same/],
    ["the dashboard where it is not built", { dashboard: true }, /npm run build/],
  ])("refuses %s", async (_what, options, words) => {
    const failure = await serve(options as ServeFlockOptions).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(FlockError);
    expect(failure).toMatchObject({ code: "invalid_request", message: expect.stringMatching(words) });
  });

  it("says so where the port is taken, and can be served on another one", async () => {
    const { server } = await startBench();
    const flock = newsroom({ mode: "api" });
    await expect(serve({ port: server.port }, flock)).rejects.toThrow(/in use/);
    const { url } = await serve({}, flock);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
