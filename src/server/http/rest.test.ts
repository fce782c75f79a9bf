import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pageOf } from "../page-of.js";
import {
  AGENTS,
  type Bench,
  bearer,
  bundleFolder,
  CONTROL,
  cleanUp,
  ManualClock,
  send,
  sendJson,
  startBench,
  WATCH,
} from "../server.testing.js";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(cleanUp);

const watch = bearer(WATCH);

async function get(path: string): Promise<Record<string, unknown>> {
  const answer = await send(bench.server, path, { headers: watch });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers["cache-control"]).toBe("no-store");
  return answer.json();
}

async function ids(path: string, field: string): Promise<unknown[]> {
  const { items } = await get(path);
  return (items as Record<string, unknown>[]).map((item) => item[field]);
}

function publish(index: number, fields: object = {}): void {
  bench.hub.emit({
    type: "artifact_published",
    artifact: {
      id: `a${index}`,
      type: index % 2 ? "Topic" : "Article",
      payload: { index },
      produced_by: index % 2 ? "external" : "reporter",
      correlation_id: `c${Math.floor(index / 4)}`,
      tags: index % 3 ? [] : ["urgent", "blue"],
      visibility: "public",
      version: 1,
      created_at: 1000 + index,
      ...fields,
    },
  });
}

function workflow(correlationId: string, startedAt: number): void {
  bench.hub.emit({ type: "workflow_started", correlation_id: correlationId, timestamp: startedAt });
}

describe("artifacts", () => {
  it.each([
    ["", ["a0", "a1", "a2", "a3", "a4", "a5"]],
    ["?type=Topic", ["a1", "a3", "a5"]],
    ["?produced_by=reporter", ["a0", "a2", "a4"]],
    ["?tag=urgent", ["a0", "a3"]],
    ["?correlation_id=c1", ["a4", "a5"]],
    ["?from=1002&to=1004", ["a2", "a3", "a4"]],
    ["?to=1970-01-01T00:00:01.001Z", ["a0", "a1"]],
    ["?to=1970-01-01T02:00:01.001%2B02:00", ["a0", "a1"]],
    ["?to=1970-01-01", []],
    ["?type=Topic&tag=urgent", ["a3"]],
    ["?type=Nothing", []],
    ["?limit=2", ["a0", "a1"]],
  ])("%s", async (query, expected) => {
    for (let index = 0; index < 6; index += 1) publish(index);
    expect(await ids(`/api/v1/artifacts${query}`, "id")).toEqual(expected);
  });

  it("pages stay as they are while more is published", async () => {
    for (let index = 0; index < 5; index += 1) publish(index);
    const seen: unknown[] = [];
    let cursor: unknown = "";
    for (let next = 5; cursor !== null; next += 1) {
      const page = await get(`/api/v1/artifacts?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...(page.items as { id: string }[]).map((item) => item.id));
      cursor = page.next_cursor;
      if (next < 7) publish(next);
    }
    expect(seen).toEqual(["a0", "a1", "a2", "a3", "a4", "a5", "a6"]);
  });

  it("the last full page has no next", async () => {
    for (let index = 0; index < 2; index += 1) publish(index);
    expect((await get("/api/v1/artifacts?limit=2")).next_cursor).toBeNull();
  });

  it.each([
    "limit=0",
    "limit=501",
    "limit=-1",
    "limit=1.5",
    "limit=ten",
    "limit=",
    "from=yesterday",
    "from=-1",
    "from=topic%207",
    "to=1/2/2024",
    "to=2024-02-30",
    "to=1e3",
    "cursor=nonsense",
    "cursor=MTpub3Ro",
    "type=",
  ])("?%s: 400", async (query) => {
    const answer = await send(bench.server, `/api/v1/artifacts?${query}`, { headers: watch });
    expect([answer.status, answer.json().code]).toEqual([400, "invalid_request"]);
    expect(answer.json().detail).toContain(query.split("=")[0]);
  });

  it("500 at once, and no more", async () => {
    for (let index = 0; index < 501; index += 1) publish(index);
    const page = await get("/api/v1/artifacts?limit=500");
    expect(page.items).toHaveLength(500);
    expect(page.next_cursor).not.toBeNull();
    expect((await get("/api/v1/artifacts")).items).toHaveLength(100);
  });

  it("one by its id, also where the id needs escaping", async () => {
    publish(0, { id: "a/ü?" });
    expect((await get(`/api/v1/artifacts/${encodeURIComponent("a/ü?")}`)).id).toBe("a/ü?");
    const missing = await send(bench.server, "/api/v1/artifacts/none", { headers: watch });
    expect([missing.status, missing.json().code]).toEqual([404, "not_found"]);
  });
});

describe("streams", () => {
  it("are listed without text, and told one by one with the retained text", async () => {
    bench.startStream("s1");
    bench.startStream("s2", { agent_name: "editor", correlation_id: "c2" });
    bench.hub.append("s1", `${"x".repeat(102_400)}end`);
    bench.endStream("s1");
    expect(await ids("/api/v1/streams", "stream_id")).toEqual(["s1", "s2"]);
    expect(await ids("/api/v1/streams?produced_by=editor", "stream_id")).toEqual(["s2"]);
    expect(await ids("/api/v1/streams?correlation_id=c1", "stream_id")).toEqual(["s1"]);
    const detail = await get("/api/v1/streams/s1");
    expect(detail).toMatchObject({ status: "completed", length: 102_403, offset: 3 });
    expect(String(detail.content)).toHaveLength(102_400);
    expect((await get("/api/v1/streams/s2")).status).toBe("live");
    publish(0, { correlation_id: "c2" });
    expect(await ids("/api/v1/streams?tag=urgent", "stream_id")).toEqual(["s2"]);
    expect(await ids("/api/v1/streams?tag=nothing", "stream_id")).toEqual([]);
  });
});

it("a stream's text leaves five minutes after its end, and not before", async () => {
  const clock = new ManualClock();
  const { server, startStream, endStream } = await startBench({ clock });
  startStream("s1");
  endStream("s1");
  const status = async () => (await send(server, "/api/v1/streams/s1", { headers: watch })).status;
  clock.advance(299_999);
  expect(await status()).toBe(200);
  clock.advance(1);
  expect(await status()).toBe(404);
});

describe("workflows and agents", () => {
  it("a workflow has its runs, artifacts and streams", async () => {
    workflow("c0", 10);
    publish(0);
    publish(1);
    bench.startStream("s1", { correlation_id: "c0", run_id: "r1" });
    bench.hub.emit({
      type: "agent_activated",
      run_id: "r1",
      agent_name: "reporter",
      correlation_id: "c0",
      consumed_types: ["Topic"],
      consumed_artifacts: ["a1"],
      produced_types: ["Article"],
      timestamp: 11,
    });
    workflow("c9", 20);
    bench.hub.emit({ type: "workflow_finished", correlation_id: "c9", status: "failed", duration: 2, timestamp: 22 });
    expect(await ids("/api/v1/workflows", "correlation_id")).toEqual(["c0", "c9"]);
    expect(await ids("/api/v1/workflows?tag=urgent", "correlation_id")).toEqual(["c0"]);
    expect(await ids("/api/v1/workflows?from=15", "correlation_id")).toEqual(["c9"]);
    expect(await get("/api/v1/workflows/c0")).toMatchObject({
      correlation_id: "c0",
      status: "running",
      artifacts: ["a0", "a1"],
      streams: ["s1"],
      runs: [{ run_id: "r1", status: "running", consumed_artifacts: ["a1"] }],
    });
    expect(await get("/api/v1/workflows/c9")).toMatchObject({ status: "failed", duration: 2, runs: [] });
  });

  it("agents, by the types that they take or give", async () => {
    expect((await get("/api/v1/agents")).items).toEqual(AGENTS);
    expect(await ids("/api/v1/agents?type=Review", "name")).toEqual(["editor"]);
    expect(await ids("/api/v1/agents?produced_by=reporter", "name")).toEqual(["reporter"]);
  });

  it.each([
    ["?correlation_id=c1", ["reporter", "editor"]],
    ["?correlation_id=c0", ["reporter"]],
    ["?correlation_id=c9", []],
    ["?tag=urgent", ["reporter"]],
    ["?from=100", ["editor"]],
    ["?from=50&to=100", ["editor"]],
    ["?to=99", ["reporter"]],
    ["?to=99&correlation_id=c1", ["reporter"]],
    ["?from=100&correlation_id=c0", []],
    ["?from=100&type=Topic", []],
  ])("agents, by what they ran: %s", async (query, expected) => {
    const run = (agent_name: string, correlation_id: string, timestamp: number) =>
      bench.hub.emit({
        type: "agent_activated",
        run_id: `${agent_name}-${correlation_id}`,
        agent_name,
        correlation_id,
        consumed_types: [],
        consumed_artifacts: [],
        produced_types: [],
        timestamp,
      });
    publish(0);
    run("reporter", "c0", 10);
    run("reporter", "c1", 20);
    run("editor", "c1", 100);
    expect(await ids(`/api/v1/agents${query}`, "name")).toEqual(expected);
  });

  it("every list takes every filter", async () => {
    const all = "type=T&correlation_id=c&produced_by=p&tag=t&from=1&to=2&limit=3";
    for (const list of ["agents", "artifacts", "streams", "workflows"])
      expect((await get(`/api/v1/${list}?${all}`)).items, list).toEqual([]);
  });
});

describe("commands", () => {
  it("publish: 202 with the ids; the type's refusal as it is", async () => {
    const control = bearer(CONTROL);
    const body = { type: "Topic", payload: { title: "x" }, tags: ["t"] };
    const answer = await sendJson(bench.server, "/api/v1/artifacts", body, control);
    expect([answer.status, answer.json()]).toEqual([202, { artifact_id: "a1", correlation_id: "c1" }]);
    expect(bench.commands).toEqual([
      { type: "publish", request_id: "rest", artifact_type: "Topic", payload: { title: "x" }, tags: ["t"] },
    ]);
    const unknown = await sendJson(bench.server, "/api/v1/artifacts", { type: "Unknown", payload: 1 }, control);
    expect([unknown.status, unknown.json().code]).toEqual([422, "unknown_type"]);
  });

  it("cancel: 202; of nothing: 404", async () => {
    const control = bearer(CONTROL);
    expect((await sendJson(bench.server, "/api/v1/cancel", { correlation_id: "c1" }, control)).status).toBe(202);
    const missing = await sendJson(bench.server, "/api/v1/cancel", { stream_id: "missing" }, control);
    expect([missing.status, missing.json().code]).toEqual([404, "not_found"]);
  });

  it("a watcher may not", async () => {
    const answer = await sendJson(bench.server, "/api/v1/cancel", { run_id: "r" }, watch);
    expect([answer.status, answer.json().code]).toEqual([403, "forbidden"]);
    expect(bench.commands).toEqual([]);
  });
});

describe("the OpenAPI description", () => {
  it("is OpenAPI 3.1, names every call, and every real answer fits it", async () => {
    workflow("c0", 1);
    for (let index = 0; index < 4; index += 1) publish(index);
    bench.startStream("s1", { correlation_id: "c0" });
    bench.hub.append("s1", "text");
    bench.endStream("s1", { usage: { output_tokens: 1 }, error: { code: "stalled", message: "m" }, status: "failed" });
    const document = (await get("/api/v1/openapi.json")) as unknown as OpenApi;
    expect(document.openapi).toBe("3.1.0");
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const control = bearer(CONTROL);
    const json = { "Content-Type": "application/json" };
    const dashboard = await startBench({ dashboard: true, staticRoot: bundleFolder() });
    const calls: [method: "get" | "post", described: string, path: string, body?: object][] = [
      ["get", "/healthz", "/healthz"],
      ["post", "/session", "/session", { token: WATCH }],
      ["post", "/session", "/session", {}],
      ["get", "/api/v1/agents", "/api/v1/agents"],
      ["get", "/api/v1/agents", "/api/v1/agents?limit=0"],
      ["get", "/api/v1/artifacts", "/api/v1/artifacts?limit=2"],
      ["get", "/api/v1/artifacts/{id}", "/api/v1/artifacts/a1"],
      ["get", "/api/v1/artifacts/{id}", "/api/v1/artifacts/none"],
      ["post", "/api/v1/artifacts", "/api/v1/artifacts", { type: "Topic", payload: {} }],
      ["post", "/api/v1/artifacts", "/api/v1/artifacts", { type: "Unknown", payload: {} }],
      ["get", "/api/v1/streams", "/api/v1/streams"],
      ["get", "/api/v1/streams/{id}", "/api/v1/streams/s1"],
      ["get", "/api/v1/workflows", "/api/v1/workflows"],
      ["get", "/api/v1/workflows/{correlation_id}", "/api/v1/workflows/c0"],
      ["post", "/api/v1/cancel", "/api/v1/cancel", { stream_id: "s1" }],
      ["post", "/api/v1/cancel", "/api/v1/cancel", {}],
      ["get", "/", "/"],
      ["get", "/metrics", "/metrics"],
      ["get", "/api/v1/openapi.json", "/api/v1/openapi.json"],
    ];
    for (const [method, described, path, body] of calls) {
      const answer = await send((path === "/" ? dashboard : bench).server, path, {
        method: method.toUpperCase(),
        headers: { ...control, ...json },
        ...(body && { body: JSON.stringify(body) }),
      });
      const response = document.paths[described]?.[method]?.responses[answer.status];
      const [type = ""] = String(answer.headers["content-type"]).split(";");
      const schema = response?.content[type]?.schema;
      expect(schema, `${method} ${path} → ${answer.status} ${type}`).toBeDefined();
      const validate = ajv.compile({ ...schema, components: document.components });
      const value = type.startsWith("text/") ? answer.text : answer.json();
      expect(validate(value), `${method} ${path}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const tried = new Set(calls.map(([method, path]) => `${method} ${path}`));
    expect(described.filter((call) => !tried.has(call))).toEqual(["get /api/v1/events"]);
    const foreign = [
      [{ Host: "evil.example" }, 421],
      [{ Origin: "http://evil.example" }, 403],
    ] as const;
    for (const [method, described, path] of calls) {
      for (const [headers, status] of foreign) {
        const answer = await send(bench.server, path, { method: method.toUpperCase(), headers });
        expect([answer.status, answer.status in (document.paths[described]?.[method]?.responses ?? {})]).toEqual([
          status,
          true,
        ]);
      }
    }
  });

  it("tells of a cancel what the server takes", async () => {
    const document = (await get("/api/v1/openapi.json")) as unknown as OpenApi;
    const schema = document.paths["/api/v1/cancel"]?.post?.requestBody?.content["application/json"]?.schema ?? {};
    const fits = new Ajv2020({ strict: false }).compile(schema);
    for (const body of [
      { stream_id: "s" },
      { run_id: "r" },
      { correlation_id: "c" },
      {},
      { stream_id: "s", run_id: "r" },
    ]) {
      const { status } = await sendJson(bench.server, "/api/v1/cancel", body, bearer(CONTROL));
      expect([body, fits(body)]).toEqual([body, status === 202]);
    }
  });
});

interface Content {
  readonly content: Record<string, { schema: object }>;
}

interface OpenApi {
  readonly openapi: string;
  readonly components: object;
  readonly paths: Record<string, Record<string, { requestBody?: Content; responses: Record<number, Content> }>>;
}

it("pages by any limit give all items, once, in order", () => {
  const items = Array.from({ length: 57 }, (_, index) => `i${index}`);
  for (let limit = 1; limit <= 60; limit += 1) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOf(
        items,
        (item) => item,
        () => true,
        { limit, cursor },
      );
      seen.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(items);
  }
});
