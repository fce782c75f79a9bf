import { beforeAll, describe, expect, test } from "vitest";
import { ECHO } from "./flocks.testing.js";
import { follow, number, ofType, payloads, record, text } from "./messages.testing.js";
import { Events, http, type Reply, type Server, serve, viewer } from "./server.testing.js";

let server: Server;
let first: string;
let second: string;
beforeAll(async () => {
  server = await serve(ECHO);
  const control = await viewer(server);
  first = await control.publish("Fast", { text: "one" }, { tags: ["red"] });
  await control.finished(first);
  second = await control.publish("Fast", { text: "two" }, { tags: ["blue", "green"] });
  await control.finished(second);
  await control.leave();
});

const get = (path: string, token = server.watch) => http(server, path, { token });

/** The list of an answer, whatever it is called. */
function items({ json }: Reply): Record<string, unknown>[] {
  const list = Object.values(json).find(Array.isArray);
  return (list ?? []).map(record);
}

function expectProblem(reply: Reply, status: number, code?: string): void {
  expect([reply.status, reply.headers["content-type"]]).toEqual([
    status,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  expect(reply.json).toMatchObject({ code: code ?? expect.any(String), status });
}

test("GET /healthz needs nothing", async () => {
  const { status, json } = await http(server, "/healthz");
  expect(status).toBe(200);
  expect(json).toMatchObject({
    status: expect.any(String),
    runtime_mode: "api",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

const CALLS = [
  "/api/v1/agents",
  "/api/v1/artifacts",
  "/api/v1/streams",
  "/api/v1/workflows",
  "/api/v1/events",
  "/metrics",
  "/api/v1/openapi.json",
];

test.each(CALLS)("GET %s answers both roles, and nobody without a token", async (path) => {
  if (path !== "/api/v1/events") {
    expect((await get(path)).status).toBe(200);
    expect((await get(path, server.control)).status).toBe(200);
  }
  expectProblem(await http(server, path), 401, "unauthenticated");
});

test("agents are those of hello", async () => {
  const agents = items(await get("/api/v1/agents"));
  expect(agents.map((agent) => agent.name)).toEqual(["parrot", "mynah", "author"]);
  expect(agents[0]).toMatchObject({ description: "Say it again.", consumes: ["Line"], publishes: ["Said"] });
});

describe("lists", () => {
  test.each([
    ["type=Fast", ["one", "two"]],
    ["type=Said", ["one", "two"]],
    ["type=Line", []],
    ["produced_by=mynah", ["one", "two"]],
    ["produced_by=nobody", []],
    ["tag=red", ["one"]],
    ["tag=green&type=Fast", ["two"]],
    ["from=4000000000000", []],
    ["to=1000", []],
    ["from=1000&to=4000000000000&type=Fast", ["one", "two"]],
  ])("artifacts?%s", async (query, expected) => {
    const found = items(await get(`/api/v1/artifacts?${query}`));
    expect(found.map((artifact) => record(artifact.payload).text).sort()).toEqual(expected);
  });

  test("correlation_id, on artifacts, streams and workflows", async () => {
    const query = `correlation_id=${encodeURIComponent(first)}`;
    expect(items(await get(`/api/v1/artifacts?${query}`)).map(({ type }) => type)).toEqual(["Fast", "Said"]);
    expect(items(await get(`/api/v1/streams?${query}`))).toHaveLength(1);
    expect(items(await get(`/api/v1/workflows?${query}`))).toHaveLength(1);
  });

  test("one by its id", async () => {
    const [artifact] = items(await get("/api/v1/artifacts?tag=red&type=Fast"));
    expect((await get(`/api/v1/artifacts/${artifact?.id}`)).json).toMatchObject({
      id: artifact?.id,
      type: "Fast",
      payload: { text: "one" },
      produced_by: expect.any(String),
      correlation_id: first,
      tags: ["red"],
      version: 1,
    });
    const [stream] = items(await get(`/api/v1/streams?correlation_id=${encodeURIComponent(first)}`));
    const { json } = await get(`/api/v1/streams/${stream?.stream_id}`);
    expect(json).toMatchObject({ stream_id: stream?.stream_id, agent_name: "mynah", status: "completed", length: 3 });
    expect(JSON.stringify(json)).toContain('"one"');
    const workflow = await get(`/api/v1/workflows/${encodeURIComponent(second)}`);
    expect(workflow.json).toMatchObject({ correlation_id: second, status: "completed" });
  });

  test("limit and cursor walk the whole list once", async () => {
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const more = cursor === undefined ? "" : `&cursor=${encodeURIComponent(text(cursor))}`;
      const reply = await get(`/api/v1/artifacts?limit=1${more}`);
      expect(items(reply).length).toBeLessThanOrEqual(1);
      seen.push(...items(reply).map(({ id }) => id));
      cursor = Object.entries(reply.json).find(([name]) => /cursor/.test(name))?.[1];
    } while (typeof cursor === "string" && seen.length < 20);
    expect(seen).toEqual(items(await get("/api/v1/artifacts")).map(({ id }) => id));
    expect(seen.length).toBeGreaterThanOrEqual(4);
  });

  test("limit is at most 500", async () => {
    expect((await get("/api/v1/artifacts?limit=500")).status).toBe(200);
  });

  test.each(["limit=0", "limit=501", "limit=x", "limit=-1", "cursor=nonsense", "from=yesterday-ish"])(
    "?%s is refused",
    async (query) => {
      expectProblem(await get(`/api/v1/artifacts?${query}`), 400);
    },
  );

  test.each(["artifacts", "streams", "workflows"])("/%s/unknown is not found", async (list) => {
    expectProblem(await get(`/api/v1/${list}/unknown`), 404, "not_found");
  });
});

describe("commands", () => {
  const post = (path: string, body: unknown, token = server.control, headers: Record<string, string> = {}) =>
    http(server, path, { method: "POST", token, body, headers });

  test("publish: 202 with artifact_id and correlation_id", async () => {
    const reply = await post("/api/v1/artifacts", { type: "Fast", payload: { text: "rest" }, tags: ["t"] });
    expect(reply.status).toBe(202);
    expect(reply.json).toMatchObject({ artifact_id: expect.any(String), correlation_id: expect.any(String) });
    const { json } = await get(`/api/v1/artifacts/${reply.json.artifact_id}`);
    expect(json).toMatchObject({ payload: { text: "rest" }, tags: ["t"], correlation_id: reply.json.correlation_id });
  });

  test.each([
    ["an unknown type", { type: "Nope", payload: {} }, 422, "unknown_type"],
    ["a payload that does not fit", { type: "Fast", payload: {} }, 422, "invalid_payload"],
    ["no payload", { type: "Fast" }, 400, undefined],
    ["no object", [1], 400, undefined],
    ["broken JSON", "{", 400, undefined],
  ])("publish with %s", async (_, body, status, code) => {
    expectProblem(await post("/api/v1/artifacts", body), status, code);
  });

  test("publish with another content type, and with a body beyond bounds", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expectProblem(await post("/api/v1/artifacts", "type=Fast", server.control, form), 415);
    const huge = { type: "Fast", payload: { text: "x".repeat(12_000_000) } };
    expectProblem(await post("/api/v1/artifacts", huge), 413, "too_large");
  });

  test.each(["/api/v1/artifacts", "/api/v1/cancel"])("a watcher may not POST %s", async (path) => {
    expectProblem(await post(path, { type: "Fast", payload: { text: "x" } }, server.watch), 403, "forbidden");
  });

  test.each(["stream_id", "run_id", "correlation_id"])("cancel by %s: 202, and it stops", async (by) => {
    const control = await viewer(server);
    const workflow = await control.publish("Line", { text: "slow and long ".repeat(200) });
    const started = await control.until(() =>
      ofType(control.messages, "stream_started").find((message) => message.correlation_id === workflow),
    );
    expect((await post("/api/v1/cancel", { [by]: started[by] })).status).toBe(202);
    await control.finished(workflow);
    expect(follow(control.messages).get(text(started.stream_id))?.complete).toMatchObject({ status: "cancelled" });
    await control.leave();
  });

  test("cancel of what is not there, of nothing and of two things", async () => {
    expectProblem(await post("/api/v1/cancel", { stream_id: "none" }), 404, "not_found");
    expectProblem(await post("/api/v1/cancel", {}), 400);
    expectProblem(await post("/api/v1/cancel", { stream_id: "a", run_id: "b" }), 400);
  });
});

test.each([
  ["GET", "/nothing", 404, "not_found"],
  ["GET", "/api/v1/nothing", 404, "not_found"],
  ["DELETE", "/api/v1/artifacts", 405, "method_not_allowed"],
  ["GET", "/api/v1/cancel", 405, "method_not_allowed"],
])("%s %s is %i", async (method, path, status, code) => {
  expectProblem(await http(server, path, { method, token: server.control }), status, code);
});

describe("Server-Sent Events", () => {
  test("the same messages, live and whole", async () => {
    const events = await Events.open(server, server.watch);
    expect([events.status, events.contentType]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
    await events.first("sync_complete");
    expect(events.messages[0]).toMatchObject({ type: "hello", role: "watch" });
    const control = await viewer(server);
    const workflow = await control.publish("Line", { text: "over SSE 👋" });
    await events.until(() =>
      events.messages.some((m) => m.type === "workflow_finished" && m.correlation_id === workflow),
    );
    expect([...follow(events.messages).values()].map((held) => held.text)).toContain("over SSE 👋");
    events.leave();
    await control.leave();
  });

  test("Last-Event-ID goes on where it stopped: nothing lost, nothing twice", async () => {
    const control = await viewer(server);
    const words = "0123456789".repeat(60);
    const workflow = await control.publish("Line", { text: words });
    const started = await control.until(() =>
      ofType(control.messages, "stream_started").find((message) => message.correlation_id === workflow),
    );
    const id = text(started.stream_id);
    const before = await Events.open(server, server.watch);
    await before.until(() => ofType(before.messages, "stream_chunk").filter((m) => m.stream_id === id).length > 1);
    before.leave();
    const held = follow(before.messages);
    const last = before.ids.findLast((event) => event !== "");
    const after = await Events.open(server, server.watch, { "last-event-id": text(last) });
    await after.until(() =>
      after.messages.some((m) => m.type === "workflow_finished" && m.correlation_id === workflow),
    );
    expect(follow(after.messages, held).get(id)).toMatchObject({ from: 0, text: words });
    expect(after.messages.filter((m) => m.type === "stream_started" && m.stream_id === id)).toEqual([]);
    after.leave();

    const unknown = await Events.open(server, server.watch, { "last-event-id": "nonsense" });
    await unknown.first("sync_complete");
    expect(follow(unknown.messages).get(id)?.text).toBe(words);
    unknown.leave();
    await control.leave();
  });
});

test("GET /metrics is Prometheus text", async () => {
  const { headers, text: body } = await get("/metrics");
  expect(headers["content-type"]).toMatch(/^text\/plain/);
  for (const line of body.split("\n").filter((line) => line !== "")) {
    expect(line).toMatch(/^(# (HELP|TYPE|EOF|UNIT)\b.*|[a-zA-Z_:][\w:]*(\{.*\})? [-+\d.eInfNa]+( \d+)?)$/);
  }
  for (const word of ["stream", "viewer", "chunk", "bytes", "lag", "run", "token"]) {
    expect(body).toMatch(new RegExp(`^# TYPE \\S*${word}\\S* (counter|gauge|histogram)`, "m"));
  }
});

test("GET /api/v1/openapi.json is OpenAPI 3.1 of every call", async () => {
  const { json } = await get("/api/v1/openapi.json");
  expect(json.openapi).toMatch(/^3\.1\./);
  const paths = record(json.paths);
  for (const [path, method] of [
    ["/healthz", "get"],
    ["/session", "post"],
    ["/api/v1/agents", "get"],
    ["/api/v1/artifacts", "get"],
    ["/", "get"],
    ["/api/v1/artifacts", "post"],
    ["/api/v1/artifacts/{id}", "get"],
    ["/api/v1/streams", "get"],
    ["/api/v1/streams/{id}", "get"],
    ["/api/v1/workflows", "get"],
    ["/api/v1/workflows/{correlation_id}", "get"],
    ["/api/v1/cancel", "post"],
    ["/api/v1/events", "get"],
    ["/metrics", "get"],
    ["/api/v1/openapi.json", "get"],
  ] as const) {
    expect(record(paths[path]), path).toHaveProperty(method);
  }
});

test("a message published over REST reaches viewers as any other", async () => {
  const watching = await viewer(server, { token: server.watch });
  const body = { type: "Fast", payload: { text: "from REST" } };
  const { json } = await http(server, "/api/v1/artifacts", { token: server.control, body });
  await watching.finished(text(json.correlation_id));
  expect(payloads(watching.messages, "Said")).toContainEqual({ text: "from REST" });
  expect(number(ofType(watching.messages, "workflow_finished").at(-1)?.seq)).toBeGreaterThan(0);
  await watching.leave();
});
