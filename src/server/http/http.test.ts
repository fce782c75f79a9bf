import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ERRORS, isErrorCode } from "../../protocol/index.js";
import {
  bearer,
  bundleFolder,
  CONTROL,
  cleanUp,
  connect,
  type HttpAnswer,
  onCleanUp,
  send,
  sendJson,
  startBench,
  WATCH,
} from "../server.testing.js";

afterEach(cleanUp);

const control = bearer(CONTROL);
const json = { "Content-Type": "application/json" };

function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(answer.json()).toEqual({
    type: "about:blank",
    title: isErrorCode(code) ? ERRORS[code].title : "",
    status,
    code,
    detail: expect.any(String),
  });
  expect(answer.status).toBe(status);
}

describe("bodies", () => {
  const body = (bytes: number) => {
    const head = '{"stream_id":"';
    return `${head}${"x".repeat(bytes - head.length - 2)}"}`;
  };
  it("64 KiB pass; one byte more is 413, whether or not its length is told", async () => {
    const { server } = await startBench();
    const post = (text: string, headers: Record<string, string> = {}) =>
      send(server, "/api/v1/cancel", { method: "POST", headers: { ...control, ...json, ...headers }, body: text });
    expect(body(65_536)).toHaveLength(65_536);
    expect((await post(body(65_536))).status).toBe(202);
    expectProblem(await post(body(65_537)), 413, "too_large");
    expect((await post(body(65_536), { "Transfer-Encoding": "chunked" })).status).toBe(202);
    expectProblem(await post(body(65_537), { "Transfer-Encoding": "chunked" }), 413, "too_large");
  });

  it.each([
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/jsonp", 415],
    ["", 415],
    ["application/json; charset=utf-8", 202],
    ["Application/JSON", 202],
  ])("Content-Type %j: %i", async (type, status) => {
    const { server } = await startBench();
    const answer = await send(server, "/api/v1/cancel", {
      method: "POST",
      headers: { ...control, "Content-Type": type },
      body: '{"run_id":"r"}',
    });
    expect(answer.status).toBe(status);
    if (status === 415) expectProblem(answer, 415, "unsupported_media_type");
  });

  it("compressed bodies are not taken", async () => {
    const { server } = await startBench();
    const headers = { ...control, ...json, "Content-Encoding": "gzip" };
    expectProblem(
      await send(server, "/api/v1/cancel", { method: "POST", headers, body: "{}" }),
      415,
      "unsupported_media_type",
    );
  });

  it.each([
    ["/session", "{"],
    ["/session", "[]"],
    ["/session", "{}"],
    ["/session", '{"token":1}'],
    ["/session", '{"token":""}'],
    ["/api/v1/artifacts", "null"],
    ["/api/v1/artifacts", '{"type":"T"}'],
    ["/api/v1/artifacts", '{"payload":{}}'],
    ["/api/v1/artifacts", '{"type":"T","payload":{},"tags":"urgent"}'],
    ["/api/v1/artifacts", `{"type":"T","payload":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["/api/v1/cancel", "{}"],
    ["/api/v1/cancel", '{"stream_id":"a","run_id":"b"}'],
    ["/api/v1/cancel", Buffer.from([0x22, 0xff, 0x22])],
  ])("POST %s %s: 400", async (path, text) => {
    const { server, commands } = await startBench();
    expectProblem(
      await send(server, path, { method: "POST", headers: { ...control, ...json }, body: text }),
      400,
      "invalid_request",
    );
    expect(commands).toEqual([]);
  });
});

describe("an upgrade to a protocol that is not offered", () => {
  const h2c = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA" };

  it.each([
    ["/healthz", 200],
    ["/ws", 404],
    ["/api/v1/nothing", 404],
  ])("is ignored at %s", async (path, status) => {
    const { server } = await startBench();
    expect((await send(server, path, { headers: { ...control, ...h2c } })).status).toBe(status);
  });

  it.each([
    ["whose length is told", {}],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("does not lose a body %s", async (_how, headers) => {
    const { server, commands } = await startBench();
    const body = JSON.stringify({ type: "Topic", payload: { title: "ü".repeat(20_000) } });
    const answer = await send(server, "/api/v1/artifacts", {
      method: "POST",
      headers: { ...control, ...json, ...h2c, ...headers },
      body,
    });
    expect(answer.status).toBe(202);
    expect(commands).toMatchObject([{ payload: { title: "ü".repeat(20_000) } }]);
  });

  it("leaves the connection to the requests that follow", async () => {
    const { server } = await startBench();
    const socket = connectSocket(server.port, "127.0.0.1");
    onCleanUp(() => {
      socket.destroy();
    });
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    socket.write(`GET /healthz HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    socket.write(`GET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    let answers = "";
    for await (const data of socket) answers += String(data);
    expect(answers.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  });
});

it("an expectation that nobody knows: 417, as a problem", async () => {
  const { server } = await startBench();
  const answer = await send(server, "/healthz", { headers: { Expect: "the unexpected" } });
  expect([answer.status, answer.headers["content-type"]]).toEqual([417, "application/problem+json"]);
  expect(answer.json()).toMatchObject({ status: 417, code: "invalid_request" });
});

describe("paths and methods", () => {
  it.each(["/nothing", "/api", "/api/v1", "/api/v2/agents", "/api/v1/agents/", "/%2e%2e/etc/passwd", "/%zz"])(
    "%s: 404",
    async (path) => {
      const { server } = await startBench();
      expectProblem(await send(server, path, { headers: control }), 404, "not_found");
    },
  );

  it.each([
    ["DELETE", "/api/v1/artifacts", "GET, POST, HEAD"],
    ["PUT", "/session", "POST"],
    ["GET", "/session", "POST"],
    ["GET", "/api/v1/cancel", "POST"],
    ["POST", "/api/v1/agents", "GET, HEAD"],
    ["POST", "/metrics", "GET, HEAD"],
    ["OPTIONS", "/api/v1/streams/x", "GET, HEAD"],
    ["PATCH", "/healthz", "GET, HEAD"],
  ])("%s %s: 405, Allow: %s", async (method, path, allow) => {
    const { server } = await startBench();
    const answer = await send(server, path, { method, headers: control });
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe(allow);
  });

  it("HEAD answers as GET, without a body", async () => {
    const { server } = await startBench();
    for (const path of ["/healthz", "/api/v1/agents", "/api/v1/events"]) {
      const answer = await send(server, path, { method: "HEAD", headers: control });
      expect([answer.status, answer.text]).toEqual([200, ""]);
    }
  });
});

describe("headers", () => {
  it("are strict on every answer, and no other origin is let in", async () => {
    const { server } = await startBench({ dashboard: true, staticRoot: bundleFolder() });
    const paths = ["/healthz", "/api/v1/agents", "/nothing", "/", "/login.js", "/assets/index-B1c2D3e4.js"];
    const answers = await Promise.all(
      paths.map((path) => send(server, path, { headers: { ...control, Accept: "text/html" } })),
    );
    answers.push(await send(server, "/healthz", { headers: { Host: "evil.example" } }));
    for (const { headers } of answers) {
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
      expect(headers["content-security-policy"]).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

describe("the viewer", () => {
  it("needs a session; a browser without one gets the page that makes one from the link", async () => {
    const { server } = await startBench({ dashboard: true, staticRoot: bundleFolder() });
    const html = { Accept: "text/html,application/xhtml+xml" };
    const login = await send(server, "/", { headers: html });
    expect(login.status).toBe(200);
    expect(login.text).toContain("/login.js");
    expect(login.text).not.toContain("the viewer</title>");
    expectProblem(await send(server, "/"), 401, "unauthenticated");
    expectProblem(await send(server, "/assets/index-B1c2D3e4.js"), 401, "unauthenticated");
    expect((await send(server, "/login.js")).headers["content-type"]).toMatch(/^text\/javascript/);
    const session = await sendJson(server, "/session", { token: WATCH }, { Origin: server.url });
    const [cookie = ""] = String(session.headers["set-cookie"]?.[0]).split(";");
    const page = await send(server, "/", { headers: { ...html, Cookie: cookie } });
    expect(page.text).toContain("the viewer</title>");
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.headers["content-security-policy"]).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`);
  });

  it("hashed assets never change; nothing else of the disk can be named", async () => {
    const { server } = await startBench({ dashboard: true, staticRoot: bundleFolder() });
    const get = (path: string) => send(server, path, { headers: bearer(WATCH) });
    const asset = await get("/assets/index-B1c2D3e4.js");
    expect(asset.headers["cache-control"]).toBe("private, max-age=31536000, immutable");
    expect(asset.headers["content-type"]).toMatch(/^text\/javascript/);
    expect((await get("/icon.svg")).headers["content-type"]).toMatch(/^image\/svg\+xml/);
    for (const path of [
      "/assets/index-B1c2D3e4.js.map",
      "/assets/",
      "/assets/../../package.json",
      "/..%2f..%2fetc/passwd",
      "/%00",
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  it("is not there in api mode", async () => {
    const { server } = await startBench();
    expectProblem(await send(server, "/", { headers: { ...bearer(WATCH), Accept: "text/html" } }), 404, "not_found");
  });

  it("that is not built says what to do", async () => {
    await expect(startBench({ dashboard: true, staticRoot: "/nonexistent" })).rejects.toThrow(/npm run build/);
  });
});

describe("slow clients", () => {
  it("that never finish their headers are cut with 408", async () => {
    const { server } = await startBench({ limits: { headersTimeoutMs: 200, requestTimeoutMs: 400 } });
    const socket = connectSocket(server.port, "127.0.0.1", () => socket.write("GET /healthz HTTP/1.1\r\nHost: 127"));
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    await new Promise((resolve) => socket.on("close", resolve));
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"timeout"');
  });
});

describe("connections", () => {
  it("are bounded: viewers and 256 more; the next one is dropped", async () => {
    const { server } = await startBench({ maxViewers: 4 });
    const sockets: Socket[] = [];
    onCleanUp(() => {
      for (const socket of sockets) socket.destroy();
    });
    const dial = async () => {
      const socket = connectSocket(server.port, "127.0.0.1");
      socket.on("error", () => {});
      sockets.push(socket);
      await once(socket, "connect");
      return socket;
    };
    for (let index = 0; index < 260; index += 1) await dial();
    await expect.poll(() => sockets.filter((socket) => socket.readyState === "open").length).toBe(260);
    const refused = await dial();
    await once(refused, "close");
    expect(sockets.filter((socket) => socket.readyState === "open")).toHaveLength(260);
  });
});

describe("metrics", () => {
  it("tell streams, chunks, bytes, viewers, lag, runs and tokens", async () => {
    const { hub, server, startStream, endStream } = await startBench();
    hub.emit({
      type: "agent_activated",
      run_id: "run-s1",
      agent_name: "reporter",
      correlation_id: "c1",
      consumed_types: [],
      consumed_artifacts: [],
      produced_types: [],
      timestamp: 1,
    });
    startStream("s1", { model: "openai/gpt-5" });
    startStream("s2");
    hub.append("s1", "some text");
    endStream("s1", { usage: { input_tokens: 7, output_tokens: 5 } });
    const metric = async (line: string) => {
      const answer = await send(server, "/metrics", { headers: bearer(WATCH) });
      expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
      return answer.text.split("\n").includes(line);
    };
    await expect.poll(() => metric('flockdeck_tokens_total{model="openai/gpt-5",kind="output"} 5')).toBe(true);
    expect(await metric('flockdeck_tokens_total{model="openai/gpt-5",kind="input"} 7')).toBe(true);
    expect(await metric("flockdeck_streams_live 1")).toBe(true);
    expect(await metric("flockdeck_stream_chars 9")).toBe(true);
    expect(await metric('flockdeck_viewers{carrier="websocket"} 0')).toBe(true);
    expect(await metric('flockdeck_agent_runs{state="running"} 1')).toBe(true);
  });

  it("begin at 0, and count what viewers are handed, not what the server itself looks at", async () => {
    const { hub, server, startStream, endStream } = await startBench();
    const text = async () => (await send(server, "/metrics", { headers: bearer(WATCH) })).text;
    startStream("s1", { model: "openai/gpt-5" });
    hub.append("s1", "some text");
    endStream("s1", { usage: { input_tokens: 7, output_tokens: 5 } });
    // The server counts tokens as an observer of its own hub, so that it has seen this text once they are there.
    await expect.poll(text).toContain('flockdeck_tokens_total{model="openai/gpt-5",kind="output"} 5');
    const before = (await text()).split("\n");
    expect(before).toEqual(
      expect.arrayContaining([
        "flockdeck_delivery_lag_seconds_count 0",
        'flockdeck_stream_chunks_total{carrier="websocket"} 0',
        'flockdeck_stream_chunks_total{carrier="sse"} 0',
        'flockdeck_sent_bytes_total{carrier="websocket"} 0',
        'flockdeck_sent_bytes_total{carrier="sse"} 0',
        'flockdeck_frames_encoded_total{codec="json"} 0',
        'flockdeck_frames_encoded_total{codec="msgpack"} 0',
        'flockdeck_frames_encoded_total{codec="sse"} 0',
      ]),
    );
    const viewer = await connect(server);
    await viewer.until((message) => message.type === "sync_complete");
    startStream("s2");
    hub.append("s2", "more");
    await viewer.until((message) => message.type === "stream_chunk" && message.stream_id === "s2");
    const after = await text();
    for (const name of ["delivery_lag_seconds_count", 'stream_chunks_total{carrier="websocket"}'])
      expect(Number(after.split(`flockdeck_${name} `)[1]?.split("\n")[0]), name).toBeGreaterThan(0);
  });
});
