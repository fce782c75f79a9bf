import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import fc from "fast-check";
import { Packr } from "msgpackr/pack";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { decodeViewerFrame, isErrorCode, jsonCodec, msgpackCodec, ProtocolFault } from "../protocol/index.js";
import { isShallow } from "../runtime/service.js";
import { type Bench, bearer, CONTROL, cleanUp, send, startBench } from "./server.testing.js";

/** 10,000 in all: frames over each codec, requests, and bytes that need not be HTTP. */
const FRAME_RUNS = 1_500;
/** Connections that take frames side by side. */
const LANES = 50;
const REQUEST_RUNS = 1_500;
const RAW_RUNS = 5_500;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({
    maxViewers: 1_000,
    limits: { messagesPerSecond: 1e9, messageBurst: 1e9, headersTimeoutMs: 30_000 },
  });
});
afterAll(cleanUp);

async function expectAlive(): Promise<void> {
  expect((await send(bench.server, "/healthz")).status).toBe(200);
  await expect.poll(() => bench.server.viewers().length, { timeout: 5_000 }).toBe(0);
  expect(bench.hub.viewers.filter((viewer) => viewer.carrier === "websocket")).toEqual([]);
}

const packr = new Packr({ useRecords: false });

/** Small: what breaks a decoder is not size. */
const anything = fc.anything({ maxDepth: 2, maxKeys: 3 });

/** Nearly right: fields of the protocol's names with values of every kind. */
const nearMessage = fc.record(
  {
    type: fc.oneof(fc.constantFrom("attach", "focus", "ack", "publish", "cancel", "hello"), anything),
    request_id: fc.oneof(fc.string(), anything),
    stream_id: fc.oneof(fc.string(), anything),
    run_id: fc.string(),
    correlation_id: fc.string(),
    artifact_type: fc.oneof(fc.string(), anything),
    payload: fc.jsonValue(),
    streams: fc.oneof(fc.array(fc.string()), fc.constant(null), anything),
    chars: fc.oneof(fc.nat(), fc.double(), anything),
    cursors: fc.oneof(fc.dictionary(fc.string(), fc.integer()), anything),
    since_seq: fc.oneof(fc.integer(), anything),
    epoch: fc.string(),
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "{";
  }
}

function packed(value: unknown): Uint8Array {
  try {
    return new Uint8Array(packr.pack(value));
  } catch {
    return new Uint8Array([0xc1]);
  }
}

const frames: Record<"json" | "msgpack", fc.Arbitrary<string | Uint8Array>> = {
  json: fc.oneof(fc.string(), fc.json(), nearMessage.map(jsonText), fc.string({ unit: "binary" })),
  msgpack: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    nearMessage.map((message) => packed([message])),
    nearMessage.map((message) => packed(message)),
    fc.array(anything, { maxLength: 4 }).map(packed),
  ),
};

function fits(subprotocol: "json" | "msgpack", frame: string | Uint8Array): boolean {
  try {
    const messages =
      typeof frame === "string"
        ? decodeViewerFrame(jsonCodec, frame)
        : decodeViewerFrame(msgpackCodec, Uint8Array.from(isMap(frame) ? [0x91, ...frame] : frame));
    return (typeof frame === "string") === (subprotocol === "json") && messages.every((message) => isShallow(message));
  } catch (fault) {
    expect(fault).toBeInstanceOf(ProtocolFault);
    return false;
  }
}

function isMap(frame: Uint8Array): boolean {
  const first = frame[0] ?? 0;
  return (first & 0xf0) === 0x80 || first === 0xde || first === 0xdf;
}

describe.each(["json", "msgpack"] as const)("%s", (subprotocol) => {
  it(`${FRAME_RUNS} generated frames: what fits stays, what does not closes with 1008`, async () => {
    const url = `ws://127.0.0.1:${bench.server.port}/ws`;
    const open = async () => {
      const ws = new WebSocket(url, [`flockdeck.v1.${subprotocol}`], { headers: bearer(CONTROL) });
      await once(ws, "open");
      return ws;
    };
    const lanes = await Promise.all(Array.from({ length: LANES }, open));
    await fc.assert(
      fc.asyncProperty(fc.array(frames[subprotocol], { minLength: LANES, maxLength: LANES }), async (batch) => {
        const results = await Promise.all(
          batch.map(async (frame, lane) => {
            const ws = lanes[lane] ?? (await open());
            // `ws` answers pings itself, after it has taken the frame before them.
            const outcome = Promise.race([
              once(ws, "close").then(([code]) => code as number),
              once(ws, "pong").then(() => "open" as const),
            ]);
            ws.send(frame);
            ws.ping();
            const result = await outcome;
            ws.removeAllListeners();
            if (result !== "open") lanes[lane] = await open();
            return result;
          }),
        );
        expect(results).toEqual(batch.map((frame) => (fits(subprotocol, frame) ? "open" : 1008)));
      }),
      { numRuns: FRAME_RUNS / LANES },
    );
    for (const ws of lanes) ws.terminate();
    await expectAlive();
  }, 120_000);
});

const paths = fc.oneof(
  fc.constantFrom("/", "/healthz", "/session", "/metrics", "/ws", "/api/v1/events?x", "/api/v1/openapi.json"),
  fc
    .constantFrom("agents", "artifacts", "artifacts/x", "streams", "streams/x", "workflows", "workflows/x", "cancel")
    .map((name) => `/api/v1/${name}`),
  fc.webPath().map((path) => (path.startsWith("/") ? path : `/${path}`)),
  fc.string({ unit: "grapheme-ascii" }).map((text) => `/${text.replace(/[^!-~]/g, "")}`),
);
const query = fc.oneof(
  fc.constant(""),
  fc.webQueryParameters().map((text) => `?${text}`),
  fc
    .tuple(fc.constantFrom("limit", "cursor", "from", "to", "type", "tag"), fc.string())
    .map(([name, value]) => `?${name}=${new URLSearchParams([["v", value]]).toString().slice(2)}`),
);

describe("requests", () => {
  it(`${REQUEST_RUNS} generated ones: each is answered, and each fault is a problem with a code of the table`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"),
        paths,
        query,
        fc.constantFrom({}, bearer(CONTROL), bearer(CONTROL), { Cookie: "a=b" }),
        fc.constantFrom("application/json", "application/json", "text/plain", "multipart/form-data"),
        fc.oneof(fc.json(), fc.string(), nearMessage.map(jsonText)),
        async (method, path, search, auth, type, body) => {
          // SSE never ends by itself.
          if (path.startsWith("/api/v1/events") && method === "GET") return;
          const hasBody = method === "POST" || method === "PUT";
          const answer = await send(bench.server, `${path}${search}`, {
            method,
            headers: { ...auth, ...(hasBody && { "Content-Type": type }) },
            ...(hasBody && { body }),
          });
          expect(answer.status).not.toBe(500);
          if (answer.status < 400 || method === "HEAD") return;
          expect(answer.headers["content-type"]).toBe("application/problem+json");
          const { code, status } = answer.json();
          expect(status).toBe(answer.status);
          expect(isErrorCode(String(code))).toBe(true);
        },
      ),
      { numRuns: REQUEST_RUNS },
    );
    await expectAlive();
  }, 120_000);

  it(`${RAW_RUNS} generated byte sequences: each connection is answered or closed, none is kept`, async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.string({ minLength: 1 }).map((text) => Buffer.from(`GET ${text} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)),
      fc
        .tuple(fc.string(), fc.string())
        .map(([name, value]) =>
          Buffer.from(`GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${name}: ${value}\r\n\r\n`),
        ),
      fc
        .uint8Array({ minLength: 1, maxLength: 100 })
        .map((tail) => Buffer.concat([Buffer.from("POST /session HTTP/1.1\r\nContent-Length: 9\r\n"), tail])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        await new Promise<void>((resolve) => {
          const socket: Socket = connectSocket(bench.server.port, "127.0.0.1", () => socket.end(data));
          socket.resume();
          socket.on("error", () => {});
          socket.on("close", () => resolve());
        });
      }),
      { numRuns: RAW_RUNS },
    );
    await expectAlive();
  }, 120_000);
});
