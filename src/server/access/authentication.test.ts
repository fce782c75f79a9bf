import { afterEach, describe, expect, it } from "vitest";
import {
  bearer,
  bundleFolder,
  CONTROL,
  cleanUp,
  connect,
  ManualClock,
  send,
  sendJson,
  startBench,
  WATCH,
} from "../server.testing.js";
import { Authenticator } from "./authenticator.js";
import { findCredential } from "./credentials.js";
import { addressKey, FailedAttempts } from "./failed-attempts.js";
import { Sessions, sessionCookie } from "./sessions.js";
import { createToken, TokenError, Tokens } from "./tokens.js";

afterEach(cleanUp);

describe("tokens", () => {
  it("are 32 random bytes in base64url, never the same", () => {
    const tokens = new Set(Array.from({ length: 100 }, createToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(Buffer.from(token, "base64url")).toHaveLength(32);
    }
  });
  it.each(["", " ", "two words", "a,b", "a/b", "a=", "naïve", "a\n", '"quoted"'])("%j cannot be one", (token) => {
    expect(() => new Tokens({ watch: token, control: "fine" })).toThrow(/^The watch token (is empty|has characters)/);
    expect(() => new Tokens({ watch: "fine", control: token })).toThrow(/^The control token .*Leave it out/);
    expect(() => new Tokens({ watch: token, control: "fine" })).toThrow(TokenError);
  });
  it("of equal value are refused: every watcher could steer", () => {
    expect(() => new Tokens({ watch: "same", control: "same" })).toThrow(TokenError);
  });
});

describe("failed attempts", () => {
  it("2 a minute: the third waits for the first to be a minute old", () => {
    const clock = new ManualClock();
    const attempts = new FailedAttempts(clock);
    attempts.failed("a");
    clock.advance(10_000);
    expect(attempts.waitMs("a")).toBe(0);
    attempts.failed("a");
    expect(attempts.waitMs("a")).toBe(50_000);
    clock.advance(49_999);
    expect(attempts.waitMs("a")).toBe(1);
    clock.advance(1);
    expect(attempts.waitMs("a")).toBe(0);
    expect(attempts.waitMs("b")).toBe(0);
  });
  it("12 an hour: the thirteenth waits for the first to be an hour old", () => {
    const clock = new ManualClock();
    const attempts = new FailedAttempts(clock);
    for (let i = 0; i < 12; i += 1) {
      expect(attempts.waitMs("a")).toBe(0);
      attempts.failed("a");
      clock.advance(60_000);
    }
    expect(attempts.waitMs("a")).toBe(3_600_000 - 12 * 60_000);
  });
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:10.0.0.7", "10.0.0.7"],
    ["::1", "::1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("%s counts as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe("who may still come in while an address is limited", () => {
  function limited(pair: { watch: string; control: string }, address = "1.1.1.1") {
    const clock = new ManualClock();
    const authenticator = new Authenticator(pair, clock);
    const session = authenticator.openSession("watch");
    for (let i = 0; i < 2; i += 1) {
      expect(authenticator.authenticate({ kind: "bearer", token: "wrong" }, address).kind).toBe("unknown");
    }
    expect(authenticator.authenticate({ kind: "bearer", token: "wrong" }, address)).toEqual({
      kind: "limited",
      retryAfterSeconds: 60,
    });
    return { authenticator, session, clock };
  }
  const asBearer = (token: string) => ({ kind: "bearer", token }) as const;

  it("with a token that can be guessed, nobody but a session", () => {
    const { authenticator, session, clock } = limited({ watch: "short", control: CONTROL });
    expect(authenticator.authenticate(asBearer("short"), "1.1.1.1").kind).toBe("limited");
    expect(authenticator.authenticate({ kind: "session", id: session }, "1.1.1.1").kind).toBe("known");
    expect(authenticator.authenticate(asBearer("short"), "2.2.2.2").kind).toBe("known");
    clock.advance(60_000);
    expect(authenticator.authenticate(asBearer("short"), "1.1.1.1").kind).toBe("known");
  });
  it("with a token that cannot be guessed, whoever has it, whatever the other one is like", () => {
    const { authenticator } = limited({ watch: "short", control: CONTROL });
    expect(authenticator.authenticate(asBearer(CONTROL), "1.1.1.1").kind).toBe("known");
    expect(authenticator.authenticate(asBearer(WATCH), "1.1.1.1").kind).toBe("limited");
  });
  it.each([
    ["this machine", "127.0.0.1"],
    ["this machine, over IPv6", "::1"],
    ["this machine, as IPv6 writes IPv4", "::ffff:127.0.0.1"],
  ])("from %s also a short one, until 12 guesses were wrong in an hour", (_, address) => {
    const { authenticator, clock } = limited({ watch: "w", control: "c" }, address);
    // `limited` guessed once.
    for (let guess = 1; guess < 12; guess += 1) {
      expect(authenticator.authenticate(asBearer("w"), address)).toEqual({ kind: "known", role: "watch" });
      expect(authenticator.authenticate(asBearer("c"), address)).toEqual({ kind: "known", role: "control" });
      expect(authenticator.authenticate(asBearer("no"), address).kind).toBe("limited");
    }
    expect(authenticator.authenticate(asBearer("w"), address).kind).toBe("limited");
    clock.advance(60_000);
    expect(authenticator.authenticate(asBearer("w"), address).kind).toBe("known");
  });
  it("from this machine, one of some length however many guesses were wrong", () => {
    const { authenticator } = limited({ watch: "watch-it", control: "c" }, "127.0.0.1");
    for (let guess = 0; guess < 20; guess += 1) authenticator.authenticate(asBearer("no"), "127.0.0.1");
    expect(authenticator.authenticate(asBearer("watch-it"), "127.0.0.1").kind).toBe("known");
    expect(authenticator.authenticate(asBearer("c"), "127.0.0.1").kind).toBe("limited");
  });
  it("from a network, none of that length", () => {
    const { authenticator } = limited({ watch: "watch-it", control: "c" }, "192.0.2.1");
    expect(authenticator.authenticate(asBearer("watch-it"), "192.0.2.1").kind).toBe("limited");
  });
  it("requests without a credential do not count", () => {
    const authenticator = new Authenticator({ watch: "short", control: "short2" }, new ManualClock());
    for (let i = 0; i < 20; i += 1) authenticator.authenticate({ kind: "none" }, "1.1.1.1");
    expect(authenticator.authenticate({ kind: "bearer", token: "short" }, "1.1.1.1").kind).toBe("known");
  });
});

describe("over the wire", () => {
  it("the third wrong token gets 429 with Retry-After, everywhere", async () => {
    const clock = new ManualClock();
    const { server } = await startBench({ clock, watchToken: "short" });
    const statuses = [
      (await sendJson(server, "/session", { token: "wrong" })).status,
      (await send(server, "/api/v1/agents", { headers: bearer("wrong") })).status,
    ];
    const third = await sendJson(server, "/session", { token: "wrong" });
    const fourth = await send(server, "/metrics", { headers: bearer("wrong") });
    const viewer = await connect(server, { token: "wrong" });
    expect([...statuses, third.status, fourth.status]).toEqual([401, 401, 429, 429]);
    expect((await send(server, "/metrics", { headers: bearer("short") })).status).toBe(200);
    expect(third.headers["retry-after"]).toBe("60");
    expect(third.json().code).toBe("too_many_attempts");
    expect((await viewer.closed).code).toBe(4401);
    clock.advance(60_000);
    expect((await send(server, "/api/v1/agents", { headers: bearer("wrong") })).status).toBe(401);
  });

  it.each(["/", "/api/v1/agents", "/api/v1/events", "/assets/index-B1c2D3e4.js"])(
    "one wrong token at %s counts once",
    async (path) => {
      const { server } = await startBench({ watchToken: "short", dashboard: true, staticRoot: bundleFolder() });
      const statuses: number[] = [];
      for (let i = 0; i < 3; i += 1) statuses.push((await send(server, path, { headers: bearer("wrong") })).status);
      expect(statuses).toEqual([401, 401, 429]);
    },
  );

  it("a session's cookie is HttpOnly, SameSite=Strict, named after the port, and holds no token", async () => {
    const { server } = await startBench();
    const answer = await sendJson(server, "/session", { token: CONTROL });
    const cookie = String(answer.headers["set-cookie"]?.[0]);
    expect(answer.json()).toEqual({ role: "control" });
    expect(cookie).toMatch(
      new RegExp(`^flockdeck_session_${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=\\d+$`),
    );
    expect(cookie).not.toContain(CONTROL);
    const [pair = ""] = cookie.split(";");
    expect((await send(server, "/api/v1/agents", { headers: { Cookie: pair } })).status).toBe(200);
    const second = await sendJson(server, "/session", { token: WATCH }, { Cookie: pair });
    expect(second.json()).toEqual({ role: "watch" });
    expect((await send(server, "/api/v1/agents", { headers: { Cookie: pair } })).status).toBe(401);
  });

  it("rotating the tokens ends what the old ones opened", async () => {
    const { server } = await startBench();
    const session = await sendJson(server, "/session", { token: WATCH });
    const [cookie = ""] = String(session.headers["set-cookie"]?.[0]).split(";");
    const byToken = await connect(server);
    const byCookie = await connect(server, { token: null, headers: { Cookie: cookie } });
    const pair = server.rotateTokens();
    expect((await byToken.closed).code).toBe(4401);
    expect((await byCookie.closed).code).toBe(4401);
    expect((await send(server, "/api/v1/agents", { headers: { Cookie: cookie } })).status).toBe(401);
    expect((await send(server, "/api/v1/agents", { headers: bearer(WATCH) })).status).toBe(401);
    expect((await send(server, "/api/v1/agents", { headers: bearer(pair.watch) })).status).toBe(200);
    expect(server.watchLink).toBe(`${server.url}/#token=${pair.watch}`);
    expect(server.controlLink).toBe(`${server.url}/#token=${pair.control}`);
  });

  it("a server that takes another's place keeps its sessions", async () => {
    const { server } = await startBench();
    const session = await sendJson(server, "/session", { token: CONTROL });
    const [cookie = ""] = String(session.headers["set-cookie"]?.[0]).split(";");
    await server.close({ drainMs: 0 });
    const next = await startBench({ port: server.port, access: server.access });
    expect(next.server.controlLink).toBe(server.controlLink);
    expect((await send(next.server, "/api/v1/agents", { headers: { Cookie: cookie } })).status).toBe(200);
  });

  it("a disconnected browser does not come back with its cookie", async () => {
    const { server } = await startBench();
    const session = await sendJson(server, "/session", { token: WATCH });
    const [cookie = ""] = String(session.headers["set-cookie"]?.[0]).split(";");
    const viewer = await connect(server, { token: null, headers: { Cookie: cookie } });
    await viewer.until((message) => message.type === "hello");
    const [info] = server.viewers();
    expect(info).toMatchObject({ role: "watch", carrier: "websocket", address: "127.0.0.1", lag_chars: 0 });
    expect(server.disconnect(info?.id ?? "")).toBe(true);
    expect((await viewer.closed).code).toBe(1008);
    expect(server.disconnect(info?.id ?? "")).toBe(false);
    const again = await connect(server, { token: null, headers: { Cookie: cookie } });
    expect((await again.closed).code).toBe(4401);
  });

  it("tokens are never logged", async () => {
    const lines: string[] = [];
    const log = (fields: object, message: string) => lines.push(`${JSON.stringify(fields)} ${message}`);
    const { server } = await startBench({ logger: { info: log, warn: log, error: log } });
    await sendJson(server, "/session", { token: WATCH });
    await send(server, `/api/v1/agents?token=${WATCH}`);
    await send(server, "/api/v1/agents", { headers: bearer(`${WATCH}x`) });
    const viewer = await connect(server, { path: `/ws?token=${WATCH}` });
    await viewer.closed;
    await (await connect(server)).until((message) => message.type === "sync_complete");
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join("\n")).not.toContain(WATCH);
  });
});

describe("sessions", () => {
  it("end after 30 days without use, and only then", () => {
    const clock = new ManualClock();
    const sessions = new Sessions(clock);
    const id = sessions.open("watch");
    for (let i = 0; i < 3; i += 1) {
      clock.advance(30 * 86_400_000);
      expect(sessions.roleOf(id)).toBe("watch");
    }
    clock.advance(30 * 86_400_000 + 1);
    expect(sessions.roleOf(id)).toBeNull();
    expect(sessions.size).toBe(0);
  });
  it("are bounded: the one idle for longest goes", () => {
    const sessions = new Sessions(new ManualClock());
    const first = sessions.open("watch");
    const second = sessions.open("watch");
    for (let i = 0; i < 1022; i += 1) sessions.open("watch");
    expect(sessions.roleOf(first)).toBe("watch");
    sessions.open("control");
    expect(sessions.size).toBe(1024);
    expect(sessions.roleOf(first)).toBe("watch");
    expect(sessions.roleOf(second)).toBeNull();
  });
  it("put nothing into the cookie but an id", () => {
    expect(sessionCookie(8344, "ID")).toMatch(/^flockdeck_session_8344=ID;/);
  });
});

describe("credentials", () => {
  it.each([
    ["Bearer abc", { kind: "bearer", token: "abc" }],
    ["bearer abc ", { kind: "bearer", token: "abc" }],
    ["Bearer", { kind: "malformed" }],
    ["Bearer a b", { kind: "malformed" }],
    ["Digest x", { kind: "malformed" }],
    ["", { kind: "malformed" }],
  ])("Authorization %j", (authorization, expected) => {
    expect(findCredential({ authorization, subprotocols: undefined, cookie: "s=1" }, "s")).toMatchObject(expected);
  });
  it("more than one subprotocol token is malformed", () => {
    const subprotocols = "flockdeck.v1.json, flockdeck.token.a, flockdeck.token.b";
    expect(findCredential({ authorization: undefined, subprotocols, cookie: undefined }, "s").kind).toBe("malformed");
  });
});
