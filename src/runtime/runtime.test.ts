import { readdirSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerMessage, ViewerMessage } from "../protocol/index.js";
import type { ViewerSink } from "../relay/index.js";
import { FlockFileError, type Runtime, type RuntimeOptions, startRuntime } from "./index.js";

const PAIR = `
name: Pair
model: demo/echo?tps=100000&chunk=64
types:
  Topic: { type: object, properties: { title: { type: string } }, required: [title] }
  Draft: text
  Note: text
agents:
  - { name: writer, consumes: [Topic], publishes: [Draft] }
  - { name: reviewer, consumes: [{ types: [Draft, Topic] }], publishes: [Note] }
publish:
  Topic: { title: Flight }
`;

const running: Runtime[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((runtime) => runtime.shutdown()));
});

async function start(options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const runtime = await startRuntime({ source: { text: PAIR, name: "pair.yaml" }, mode: "test", ...options });
  running.push(runtime);
  return runtime;
}

/** A viewer in memory that is always ready. */
function watch(runtime: Runtime, role: "watch" | "control" = "control") {
  const messages: ServerMessage[] = [];
  const listeners = new Set<() => void>();
  const sink: ViewerSink<readonly ServerMessage[]> = {
    encoder: { id: "memory", mayOmitFullContent: false, encode: (batch) => [batch] },
    bufferedBytes: 0,
    send: (batch) => {
      messages.push(...batch);
      for (const listener of listeners) listener();
    },
    close: () => {},
  };
  const viewer = runtime.hub.addViewer(sink, { role, carrier: "memory" });
  const next = <T extends ServerMessage["type"]>(
    type: T,
    matches: (m: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ) =>
    new Promise<Extract<ServerMessage, { type: T }>>((resolve) => {
      const look = () => {
        const found = messages.find(
          (message): message is Extract<ServerMessage, { type: T }> =>
            message.type === type && matches(message as Extract<ServerMessage, { type: T }>),
        );
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const send = (message: ViewerMessage) => viewer.receive(message);
  send({ type: "attach" });
  return { messages, next, send };
}

describe("a runtime", () => {
  it("takes a published sample through both stages to every viewer", async () => {
    const runtime = await start();
    const { messages, next } = watch(runtime);
    await runtime.publishAll();
    const finished = await next("workflow_finished");
    expect(finished.status).toBe("completed");
    const completes = messages.filter((message) => message.type === "stream_complete");
    expect(completes.map(({ agent_name, full_content }) => [agent_name, full_content])).toEqual([
      ["writer", "Flight"],
      ["reviewer", "Flight"],
    ]);
    const types = messages.flatMap((message) => (message.type === "artifact_published" ? [message.artifact.type] : []));
    expect(types).toEqual(["Topic", "Draft", "Note"]);
  });

  it("tells a viewer in hello what the flock is", async () => {
    const runtime = await start();
    const hello = await watch(runtime, "watch").next("hello");
    expect(hello).toMatchObject({
      protocol: 1,
      runtime_mode: "test",
      role: "watch",
      flock: { name: "Pair", sample: { Topic: { title: "Flight" } } },
      agents: [
        { name: "writer", consumes: ["Topic"], publishes: ["Draft"] },
        { name: "reviewer", consumes: ["Draft", "Topic"], publishes: ["Note"] },
      ],
    });
    expect(Object.keys(hello.artifact_types)).toEqual(["Topic", "Draft", "Note"]);
  });

  it("tells in hello all of a sample, where it has a type more than once", async () => {
    const text = `
types: { Order: { type: object, properties: { id: { type: integer } } } }
agents: [{ name: packer, consumes: [Order, Order], model: demo/echo }]
publish: [{ Order: { id: 1 } }, { Order: { id: 2 } }]
`;
    const runtime = await start({ source: { text, name: "orders" } });
    const { flock } = await watch(runtime).next("hello");
    expect(flock).toMatchObject({
      samples: [
        { type: "Order", payload: { id: 1 } },
        { type: "Order", payload: { id: 2 } },
      ],
    });
  });

  it("keeps to the limits that the file sets", async () => {
    const text = `
max_concurrency: 1
types: { T: text, A: text }
agents:
  - { name: one, consumes: [T], publishes: [A], model: demo/echo }
  - { name: two, consumes: [T], publishes: [A], model: demo/echo }
publish: { T: { text: hello } }
`;
    const runtime = await start({ source: { text, name: "limits" } });
    const order: string[] = [];
    runtime.flock.on(({ type }) => /^agent_(activated|completed)$/.test(type) && order.push(type));
    await runtime.publishAll();
    await runtime.idle();
    expect(order).toEqual(["agent_activated", "agent_completed", "agent_activated", "agent_completed"]);
  });

  it.each([
    ["an unknown type", { artifact_type: "Topik", payload: {} }, "unknown_type"],
    ["a payload that does not fit", { artifact_type: "Topic", payload: { title: 3 } }, "invalid_payload"],
  ])("answers a publish of %s with its code", async (_, command, code) => {
    const { next, send } = watch(await start());
    send({ type: "publish", request_id: "r1", ...command });
    expect(await next("reply")).toMatchObject({ request_id: "r1", ok: false, error: { code } });
  });

  it("answers a publish with the artifact and its workflow", async () => {
    const { next, send } = watch(await start());
    send({ type: "publish", request_id: "r1", artifact_type: "Topic", payload: { title: "Kites" }, tags: ["a"] });
    const reply = await next("reply");
    const published = await next("artifact_published");
    expect(reply).toMatchObject({
      ok: true,
      result: { artifact_id: published.artifact.id, correlation_id: published.artifact.correlation_id },
    });
    expect(published.artifact).toMatchObject({ tags: ["a"], visibility: "public", version: 1 });
  });

  it("lets a watcher neither publish nor cancel", async () => {
    const runtime = await start();
    const { next, send } = watch(runtime, "watch");
    send({ type: "publish", request_id: "p", artifact_type: "Topic", payload: { title: "Kites" } });
    send({ type: "cancel", request_id: "c", correlation_id: "any" });
    for (const id of ["p", "c"])
      expect(await next("reply", (reply) => reply.request_id === id)).toMatchObject({
        ok: false,
        error: { code: "forbidden" },
      });
    expect(runtime.flock.board.list()).toEqual([]);
  });

  it("stops one stream and keeps its text; the workflow goes on", async () => {
    const runtime = await start({ model: "demo/essay?tps=50&chars=4000" });
    const { next, send } = watch(runtime);
    await runtime.publishAll();
    const started = await next("stream_started");
    await next("stream_chunk");
    send({ type: "cancel", request_id: "c", stream_id: started.stream_id });
    expect(await next("reply")).toMatchObject({ ok: true });
    const complete = await next("stream_complete");
    expect(complete).toMatchObject({ stream_id: started.stream_id, status: "cancelled" });
    expect(complete.full_content?.length).toBe(complete.length);
    expect(complete.length).toBeGreaterThan(0);
    await next("workflow_finished");
  });

  it.each([
    ["nothing", "stream_id", "not_found"],
    ["a run that never was", "run_id", "not_found"],
    ["a workflow that never was", "correlation_id", "not_found"],
  ])("answers a cancel of %s", async (_, field, code) => {
    const { next, send } = watch(await start());
    send({ type: "cancel", request_id: "c", [field]: "nobody" });
    expect(await next("reply")).toMatchObject({ ok: false, error: { code } });
  });

  it("publishes all of a sample or nothing of it", async () => {
    const runtime = await start();
    const good = { type: "Topic", payload: { title: "Kites" } };
    await expect(runtime.publishAll([good, { type: "Topic", payload: {} }])).rejects.toMatchObject({
      code: "invalid_payload",
    });
    expect(runtime.flock.board.list()).toEqual([]);
  });

  it("puts what is published together into one workflow, so that gates across it can open", async () => {
    const runtime = await start();
    const published = await runtime.publishAll([
      { type: "Topic", payload: { title: "Kites" } },
      { type: "Draft", payload: { text: "On kites" } },
    ]);
    expect(new Set(published.map(({ correlationId }) => correlationId)).size).toBe(1);
    await runtime.idle();
    expect(runtime.flock.board.list({ type: "Note" }).length).toBeGreaterThan(0);
  });

  it("replaces every agent's model by the one asked for", async () => {
    const runtime = await start({ model: "demo/echo?tps=99" });
    expect(runtime.flock.agents.map(({ model }) => model)).toEqual(["demo/echo?tps=99", "demo/echo?tps=99"]);
  });

  it.each(["cli", "dashboard", "api", "test"] as const)("freezes mode %s into the context", async (mode) => {
    const runtime = await start({ mode });
    expect(runtime.flock.context.runtimeMode).toBe(mode);
    expect(Object.isFrozen(runtime.flock.context)).toBe(true);
    expect(() => Object.assign(runtime.flock.context, { runtimeMode: "api" })).toThrow(TypeError);
  });

  it("takes no mode from a flock file", async () => {
    const source = { text: `${PAIR}\nmode: api\n`, name: "pair.yaml" };
    await expect(start({ source })).rejects.toThrow(/runtime mode/);
  });

  it("takes no mode from a payload", async () => {
    const runtime = await start();
    await runtime.publishAll([{ type: "Topic", payload: { title: "x", runtime_mode: "api", mode: "api" } }]);
    await runtime.idle();
    expect(runtime.flock.context.runtimeMode).toBe("test");
  });

  it.each([
    ["is missing", "no-such-file.yaml", /no such file/],
    ["is a folder", "resources", /folder/],
  ])("says so when the file %s", async (_, file, words) => {
    const failure = await start({ source: { path: file } }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(FlockFileError);
    expect(String(failure)).toMatch(words);
  });

  it("says so when the file is not UTF-8, and where", async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), "flockdeck-")), "latin.yaml");
    await writeFile(file, "name: Plain\ndescription: Café\n", "latin1");
    const failure = await start({ source: { path: file } }).catch((cause: unknown) => cause);
    expect(String(failure)).toMatch(/latin\.yaml:2:17: error: This is not UTF-8\. Save the file as UTF-8\.$/);
  });

  it("closes its viewers when it shuts down", async () => {
    const runtime = await start();
    const closed = new Promise<number>((resolve) => {
      runtime.hub.addViewer(
        {
          encoder: { id: "memory", mayOmitFullContent: false, encode: (batch) => [batch] },
          bufferedBytes: 0,
          send: () => {},
          close: resolve,
        },
        { role: "watch", carrier: "memory" },
      );
    });
    await runtime.shutdown();
    expect(await closed).toBe(1001);
  });
});

describe("the bundled examples", () => {
  const folder = path.resolve("resources/flocks");
  it.each(readdirSync(folder).filter((file) => file.endsWith(".yaml")))("%s runs to its end", async (file) => {
    const runtime = await start({
      source: { path: path.join(folder, file) },
      model: "demo/essay?tps=100000&chars=300",
    });
    const { next } = watch(runtime);
    await runtime.publishAll();
    expect((await next("workflow_finished")).status).toBe("completed");
    expect(runtime.warnings).toEqual([]);
  });
});
