import { connect as connectSocket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { RunningServer } from "../server.js";
import { CONTROL, cleanUp, onCleanUp, send, sendJson, startBench, WATCH } from "../server.testing.js";
import { ACCESS_TABLE, type AccessRow } from "./access-table.testing.js";

afterEach(cleanUp);

type Headers = Record<string, string>;

async function sessionOf(server: RunningServer, token: string): Promise<string> {
  const answer = await sendJson(server, "/session", { token });
  return String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
}

async function headersOf(server: RunningServer, row: AccessRow): Promise<Headers> {
  const fill = (text: string) =>
    withTokens(text.replaceAll("{host}", `127.0.0.1:${server.port}`).replaceAll("{port}", String(server.port)));
  const headers: Headers = {};
  if (row.host !== undefined) headers.Host = fill(row.host);
  if (row.origin !== undefined) headers.Origin = fill(row.origin);
  if (row.authorization !== undefined) headers.Authorization = fill(row.authorization);
  if (row.fetchSite !== undefined) headers["Sec-Fetch-Site"] = row.fetchSite;
  if (row.fetchMode !== undefined) headers["Sec-Fetch-Mode"] = row.fetchMode;
  if (row.cookie === "watch") headers.Cookie = await sessionOf(server, WATCH);
  else if (row.cookie === "control") headers.Cookie = await sessionOf(server, CONTROL);
  else if (row.cookie !== undefined) headers.Cookie = fill(row.cookie);
  return headers;
}

function withTokens(text: string): string {
  return text.replaceAll("WATCH", WATCH).replaceAll("CONTROL", CONTROL);
}

/** An HTTP status, a close code, or the role that `hello` tells. */
function upgrade(
  server: RunningServer,
  path: string,
  protocols: string[],
  headers: Headers,
): Promise<AccessRow["upgrade"]> {
  return new Promise((resolve) => {
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, { headers });
    onCleanUp(() => ws.terminate());
    ws.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    ws.on("message", (data) => resolve(JSON.parse(String(data)).role));
    ws.on("close", (code) => resolve(code));
    ws.on("error", () => {});
  });
}

it("has a table of at least 60 rows", () => {
  expect(ACCESS_TABLE.length).toBeGreaterThanOrEqual(60);
  expect(new Set(ACCESS_TABLE.map((row) => row.name)).size).toBe(ACCESS_TABLE.length);
});

describe.each(ACCESS_TABLE)("$name", (row) => {
  it(`GET ${row.get}, POST ${row.post}`, async () => {
    const { server } = await startBench();
    const headers = await headersOf(server, row);
    const query = withTokens(row.query ?? "");
    const get = await send(server, `/api/v1/agents${query}`, { headers });
    const body = JSON.stringify({ stream_id: "s1" });
    const post = await send(server, `/api/v1/cancel${query}`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body,
    });
    expect([get.status, post.status]).toEqual([row.get, row.post]);
    for (const answer of [get, post]) {
      expect(answer.text).not.toContain(WATCH);
      expect(answer.text).not.toContain(CONTROL);
      if (answer.status >= 400) {
        expect(answer.headers["content-type"]).toBe("application/problem+json");
        expect(answer.json()).toMatchObject({
          status: answer.status,
          code: expect.any(String),
          detail: expect.any(String),
        });
      }
    }
  });

  it(`upgrade ${row.upgrade}`, async () => {
    const { server } = await startBench();
    const headers = await headersOf(server, row);
    const query = withTokens(row.query ?? "");
    const protocols = ["flockdeck.v1.json"];
    if (row.subprotocolToken !== undefined) protocols.push(`flockdeck.token.${withTokens(row.subprotocolToken)}`);
    expect(await upgrade(server, `/ws${query}`, protocols, headers)).toBe(row.upgrade);
  });
});

describe("what only raw bytes can say", () => {
  function raw(server: RunningServer, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connectSocket(server.port, "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
  }
  const upgradeHead =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

  it.each([
    [
      "two Host headers",
      "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["an empty Host header", "GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 421],
    ["no Host header", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:%\r\n\r\n", 400],
    ["no Host header, HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 400],
    [
      "a whole URL as target",
      "GET http://127.0.0.1:%/healthz HTTP/1.1\r\nHost: 127.0.0.1:%\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["a target without scheme", "GET //evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:%\r\nConnection: close\r\n\r\n", 400],
    ["no HTTP", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400],
    [
      "headers that are too large",
      `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
    ],
    [
      "an upgrade with two Host headers",
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%\r\nHost: evil.example\r\n${upgradeHead}\r\n`,
      400,
    ],
    [
      "an upgrade of another path",
      `GET /other HTTP/1.1\r\nHost: 127.0.0.1:%\r\n${upgradeHead}Authorization: Bearer ${WATCH}\r\n\r\n`,
      404,
    ],
    [
      "an upgrade to something else, by a foreign Host",
      "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n",
      421,
    ],
    [
      "an upgrade without a key",
      "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
      400,
    ],
  ])("%s: refused, with a problem", async (_name, text, status) => {
    const { server } = await startBench();
    const answer = await raw(server, text.replaceAll("%", String(server.port)));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("application/problem+json");
  });
});
