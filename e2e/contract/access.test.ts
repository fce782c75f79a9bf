import { beforeAll, describe, expect, test } from "vitest";
import { ECHO } from "./flocks.testing.js";
import { ofType, record } from "./messages.testing.js";
import { http, type Server, serve, Viewer, viewer } from "./server.testing.js";

let api: Server;
let dashboard: Server;
beforeAll(async () => {
  [api, dashboard] = await Promise.all([serve(ECHO), serve(ECHO, ["--dashboard"])]);
});

const port = () => new URL(api.url).port;

describe("the first line", () => {
  test("url and two tokens that are not the same, 32 random bytes each", () => {
    expect(api.command.messages()).toHaveLength(1);
    expect(api.command.messages()[0]).toMatchObject({ type: "listening" });
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/?$/);
    expect(new Set([api.watch, api.control, dashboard.watch, dashboard.control]).size).toBe(4);
    for (const token of [api.watch, api.control]) expect(token.length).toBeGreaterThanOrEqual(43);
    expect(api.command.stderr).not.toContain(api.watch);
    expect(api.command.stderr).not.toContain(api.control);
  });

  test("tokens by flag, or by environment; the flag wins", async () => {
    const env = { FLOCKDECK_WATCH_TOKEN: "env-watch-token", FLOCKDECK_CONTROL_TOKEN: "env-control-token" };
    const [byFlag, byEnv] = await Promise.all([
      serve(ECHO, ["--watch-token", "flag-watch-token", "--control-token", "flag-control-token"], { env }),
      serve(ECHO, [], { env }),
    ]);
    expect([byFlag.watch, byFlag.control]).toEqual(["flag-watch-token", "flag-control-token"]);
    expect([byEnv.watch, byEnv.control]).toEqual(["env-watch-token", "env-control-token"]);
    expect((await http(byFlag, "/api/v1/agents", { token: "flag-watch-token" })).status).toBe(200);
    expect((await http(byEnv, "/api/v1/agents", { token: "env-control-token" })).status).toBe(200);
    expect((await http(byFlag, "/api/v1/agents", { token: "env-watch-token" })).status).toBe(401);
  });
});

describe("POST /session", () => {
  test.each(["watch", "control"] as const)("a %s token sets a cookie that opens what its role may", async (role) => {
    const reply = await http(dashboard, "/session", { body: { token: dashboard[role] } });
    expect([reply.status, reply.json]).toEqual([200, { role }]);
    const [cookie = ""] = reply.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/;\s*HttpOnly/i);
    expect(cookie).toMatch(/;\s*SameSite=Strict/i);
    expect(cookie).not.toContain(dashboard[role]);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect((await http(dashboard, "/api/v1/agents", { headers })).status).toBe(200);
    const page = await http(dashboard, "/", { headers: { ...headers, accept: "text/html" } });
    expect([page.status, page.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(page.headers["content-security-policy"]).toBeDefined();
    const watching = new Viewer(dashboard, { headers: { ...headers, origin: dashboard.url } });
    expect(await watching.first("hello")).toMatchObject({ role, runtime_mode: "dashboard" });
    await watching.leave();
    const body = { type: "Fast", payload: { text: "x" } };
    const published = await http(dashboard, "/api/v1/artifacts", {
      headers: { ...headers, origin: dashboard.url },
      body,
    });
    expect(published.status).toBe(role === "control" ? 202 : 403);
  });

  test("a wrong token is 401, and sets none", async () => {
    const reply = await http(dashboard, "/session", { body: { token: "wrong" } });
    expect(reply.status).toBe(401);
    expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(reply.headers["set-cookie"]).toBeUndefined();
  });
});

test("GET / is the viewer in dashboard mode only, and shows nothing of the flock without a cookie", async () => {
  const headers = { accept: "text/html" };
  expect((await http(api, "/", { headers, token: api.control })).status).toBe(404);
  const without = await http(dashboard, "/", { headers });
  expect(without.text).not.toContain("parrot");
  expect([200, 401]).toContain(without.status);
  expect((await http(dashboard, "/healthz")).json).toMatchObject({ runtime_mode: "dashboard" });
});

const HOSTS = (): [string, string, boolean][] => [
  ["its address", `127.0.0.1:${port()}`, true],
  ["localhost", `localhost:${port()}`, true],
  ["another name", `evil.example:${port()}`, false],
  ["another name without port", "evil.example", false],
  ["its address at another port", "127.0.0.1:1", false],
  ["a name that begins as its own", `127.0.0.1.evil.example:${port()}`, false],
  ["a user before it", `x@127.0.0.1:${port()}`, false],
];
const ORIGINS = (host: string): [string, string | undefined, boolean][] => [
  ["none", undefined, true],
  ["the same", `http://${host}`, true],
  ["null", "null", false],
  ["another", "http://evil.example", false],
  ["another port", "http://127.0.0.1:1", false],
  ["another scheme", `https://${host}`, false],
  ["one that begins as its own", `http://${host}.evil.example`, false],
];

test("Host x Origin x token, on HTTP and on the upgrade alike", async () => {
  for (const [hostName, host, hostGood] of HOSTS()) {
    for (const [originName, origin, originGood] of ORIGINS(host)) {
      if (!hostGood && originName !== "none" && originName !== "the same") continue;
      for (const token of [undefined, api.watch]) {
        const name = `Host: ${hostName}, Origin: ${originName}, ${token === undefined ? "no token" : "token"}`;
        const headers: Record<string, string> = { host, ...(origin === undefined ? {} : { origin }) };
        const { status } = await http(api, "/api/v1/agents", { headers, token });
        const good = hostGood && originGood;
        if (good) expect(status, name).toBe(token === undefined ? 401 : 200);
        else expect([400, 403, 421], name).toContain(status);

        const socket = new Viewer(api, { headers, token });
        if (good && token !== undefined) {
          expect(await socket.first("hello"), name).toMatchObject({ role: "watch" });
          await socket.leave();
        } else {
          const { code } = await socket.closed;
          if (good) expect(code, name).toBe(4401);
          else expect(socket.refused ?? code, name).toSatisfy((value: number) => [400, 403, 421, 1008].includes(value));
          expect(socket.messages, name).toEqual([]);
        }
      }
    }
  }
});

describe("a WebSocket", () => {
  test.each([
    [
      "a subprotocol beside the carrier's",
      () => ({ subprotocols: ["flockdeck.v1.json", `flockdeck.token.${api.watch}`] }),
    ],
    [
      "a subprotocol before the carrier's",
      () => ({ subprotocols: [`flockdeck.token.${api.watch}`, "flockdeck.v1.json"] }),
    ],
    ["a header and no subprotocol: JSON is the default", () => ({ subprotocols: [], token: api.watch })],
  ])("takes its token as %s", async (_, connect) => {
    const watching = new Viewer(api, connect());
    expect(await watching.first("hello")).toMatchObject({ role: "watch" });
    expect(["flockdeck.v1.json", ""]).toContain(watching.socket.protocol);
    await watching.leave();
  });

  test("never takes it from the query string, nor does HTTP", async () => {
    for (const name of ["token", "access_token", "watch_token"]) {
      const socket = new Viewer(api, { path: `/ws?${name}=${api.control}` });
      expect((await socket.closed).code).not.toBe(1000);
      expect(socket.messages).toEqual([]);
      expect((await http(api, `/api/v1/agents?${name}=${api.control}`)).status).not.toBe(200);
    }
  });

  test("offers permessage-deflate", async () => {
    const watching = await viewer(api);
    expect(watching.socket.extensions).toContain("permessage-deflate");
    await watching.leave();
  });
});

describe("close codes", () => {
  const attached = () => viewer(api);

  test("1008 for what is not the protocol", async () => {
    for (const frame of ["{nope", "[]", '{"type":"dance"}', '{"type":"focus","streams":5}']) {
      const watching = await attached();
      watching.socket.send(frame);
      expect((await watching.closed).code, frame).toBe(1008);
    }
  });

  test("1009 for a frame over 64 KiB; one of 64 KiB passes", async () => {
    const frame = (bytes: number) => {
      const empty = JSON.stringify({ type: "focus", streams: null, pad: "" });
      return empty.replace('"pad":""', `"pad":"${"x".repeat(bytes - empty.length)}"`);
    };
    const passing = await attached();
    passing.socket.send(frame(65_536));
    expect(await passing.ask({ type: "cancel", run_id: "none" })).toMatchObject({ ok: false });
    await passing.leave();
    const large = await attached();
    large.socket.send(frame(65_537));
    expect((await large.closed).code).toBe(1009);
  });

  test("4429 for more than a burst of 100", async () => {
    const watching = await attached();
    for (let sent = 0; sent < 300; sent++) watching.socket.send('{"type":"focus","streams":null}');
    expect((await watching.closed).code).toBe(4429);
  });

  test("4401 without a token and with a wrong one", async () => {
    expect((await new Viewer(api).closed).code).toBe(4401);
    const wrong = await serve(ECHO);
    expect((await new Viewer(wrong, { token: "wrong" }).closed).code).toBe(4401);
  });

  test("4408 where nobody attaches within 10 s", async () => {
    const silent = new Viewer(api, { token: api.watch });
    await silent.first("hello");
    const begun = Date.now();
    expect((await silent.closed).code).toBe(4408);
    expect(Date.now() - begun).toBeGreaterThan(8_000);
  });

  test("1013 beyond --max-viewers; a place is free again once one leaves", async () => {
    const small = await serve(ECHO, ["--max-viewers", "2"]);
    const [one, two] = [await viewer(small), await viewer(small)];
    expect((await new Viewer(small, { token: small.watch }).closed).code).toBe(1013);
    await one?.leave();
    const three = await viewer(small);
    await Promise.all([two?.leave(), three.leave()]);
  });

  test("64 viewers, and no more, unless raised", async () => {
    const full = await serve(ECHO);
    const viewers = await Promise.all(Array.from({ length: 64 }, () => viewer(full)));
    expect((await new Viewer(full, { token: full.watch }).closed).code).toBe(1013);
    const workflow = await viewers[0]?.publish("Fast", { text: "to all" });
    await Promise.all(viewers.map((watching) => watching.finished(String(workflow))));
    const raised = await serve(ECHO, ["--max-viewers", "70"]);
    await Promise.all(Array.from({ length: 66 }, () => viewer(raised)));
  });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s drains: everything flushed, then a close, and out", async (signal) => {
  const server = await serve(ECHO);
  const watching = await viewer(server);
  await watching.publish("Line", { text: "long and slow ".repeat(300) });
  await watching.until(() => ofType(watching.messages, "stream_chunk").length > 1);
  const begun = performance.now();
  server.command.child.kill(signal);
  const [{ code }, finished] = await Promise.all([watching.closed, server.command.finished]);
  expect([1000, 1001, 1012]).toContain(code);
  expect(performance.now() - begun).toBeLessThan(4_000);
  expect([0, 130]).toContain(finished.code);
  expect(record(ofType(watching.messages, "stream_complete").at(-1))).toMatchObject({ status: "cancelled" });
});

test("what arrives malformed never ends the server", async () => {
  for (const path of ["/%", "//", "/api/v1/artifacts/%00", "/api/v1/artifacts/%ff", "/../../etc/passwd"]) {
    expect((await http(api, path, { token: api.watch })).status, path).toBeGreaterThanOrEqual(400);
  }
  expect((await http(api, "/healthz")).status).toBe(200);
});
