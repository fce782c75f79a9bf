import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { FrameWriter, SharedFrame, sharedDeflate } from "./shared-frame.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Pair {
  readonly client: WebSocket;
  readonly ws: WebSocket;
  readonly writer: FrameWriter;
  readonly extensions: string | undefined;
}

async function connect(perMessageDeflate: boolean | object, useRawSocket = true): Promise<Pair> {
  const server = createServer();
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  let extensions: string | undefined;
  wss.on("headers", (headers) => {
    extensions = headers.find((line) => line.startsWith("Sec-WebSocket-Extensions"));
  });
  const accepted = new Promise<{ ws: WebSocket; socket: Duplex }>((resolve) => {
    server.on("upgrade", (request, socket, head) => {
      wss.handleUpgrade(request, socket, head, (ws) => resolve({ ws, socket }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate });
  closers.push(() => {
    client.terminate();
    server.close();
    wss.close();
  });
  const [{ ws, socket }] = await Promise.all([accepted, once(client, "open")]);
  const writer = new FrameWriter(ws, useRawSocket ? socket : null, sharedDeflate(extensions));
  return { client, ws, writer, extensions };
}

function collect(client: WebSocket, count: number): Promise<{ data: Buffer; isBinary: boolean }[]> {
  const got: { data: Buffer; isBinary: boolean }[] = [];
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    client.on("message", (data: Buffer, isBinary) => {
      got.push({ data, isBinary });
      if (got.length === count) resolve(got);
    });
  });
}

describe("shared frames and a standard client", () => {
  const sizes = [0, 1, 125, 126, 127, 1023, 1024, 1025, 65_535, 65_536, 300_000];
  const cases = [
    { name: "compressed", deflate: true, raw: true },
    { name: "each compressed for itself", deflate: { serverNoContextTakeover: true }, raw: true },
    { name: "without compression", deflate: false, raw: true },
    { name: "with a small window asked for", deflate: { serverMaxWindowBits: 9 }, raw: true },
    { name: "falling back to send", deflate: true, raw: false },
  ];
  it.each(cases)("arrive whole at every length boundary, $name", async ({ deflate, raw }) => {
    const { client, writer } = await connect(deflate, raw);
    const frames = sizes.flatMap((size) => [
      new SharedFrame([Buffer.from("añ€😀".repeat(size).slice(0, size))], false),
      new SharedFrame([Buffer.alloc(size, size % 251)], true),
    ]);
    const arrived = collect(client, frames.length);
    for (const frame of frames) writer.write(frame);
    const got = await arrived;
    expect(got.map((message) => message.isBinary)).toEqual(frames.map((frame) => frame.binary));
    for (const [index, message] of got.entries()) {
      expect(message.data.equals(frames[index]?.payloads[0] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it.each(cases)("several messages of one flush arrive one by one, $name", async ({ deflate, raw }) => {
    const { client, writer } = await connect(deflate, raw);
    const texts = [...sizes, 20, 1].map((size) => `${size} short messages `.repeat(size + 1));
    const arrived = collect(client, texts.length);
    writer.write(
      new SharedFrame(
        texts.map((text) => Buffer.from(text)),
        false,
        50 * texts.length,
      ),
    );
    expect((await arrived).map((message) => message.data.toString())).toEqual(texts);
  });

  it("one frame's bytes serve any number of connections, in any order, compressed once", async () => {
    const pairs = await Promise.all([connect(true), connect(true), connect(false)]);
    const frames = Array.from({ length: 20 }, (_, i) => new SharedFrame([Buffer.from(`${i} `.repeat(2000))], true));
    const arrived = pairs.map(({ client }) => collect(client, frames.length));
    for (const frame of frames) for (const { writer } of pairs) writer.write(frame);
    for (const got of await Promise.all(arrived)) {
      expect(got.map((message) => message.data.toString())).toEqual(frames.map((frame) => String(frame.payloads[0])));
    }
    const first = frames[0];
    expect(first?.alone).toBe(first?.alone);
    expect(first?.alone.bytes.length).toBeLessThan(first?.plain.length ?? 0);
  });

  it("a client may miss frames that others got: no frame depends on another", async () => {
    const { client, writer } = await connect(true);
    const frames = Array.from(
      { length: 6 },
      (_, i) => new SharedFrame([Buffer.from(`same text ${i} `.repeat(300))], false),
    );
    const arrived = collect(client, 3);
    for (const index of [1, 3, 5]) {
      const frame = frames[index];
      if (frame) writer.write(frame);
    }
    expect((await arrived).map((message) => message.data.toString().slice(0, 11))).toEqual([
      "same text 1",
      "same text 3",
      "same text 5",
    ]);
  });

  it("pings, pongs and frames keep their order, and nothing follows a close", async () => {
    const { client, ws, writer } = await connect(true);
    const order: string[] = [];
    client.on("message", (data: Buffer) => order.push(data.toString().slice(0, 2)));
    client.on("ping", (data) => order.push(data.toString()));
    client.on("pong", (data) => order.push(data.toString()));
    const closed = once(client, "close");
    writer.write(new SharedFrame([Buffer.from("f1".repeat(4000))], false));
    ws.ping("p1");
    writer.write(new SharedFrame([Buffer.from("f2")], false));
    writer.write(new SharedFrame([Buffer.from("f3".repeat(4000))], false));
    ws.pong("q1");
    ws.ping("p2");
    writer.write(new SharedFrame([Buffer.from("f4".repeat(40_000))], false));
    ws.close(4401, "over");
    expect(writer.write(new SharedFrame([Buffer.from("f5")], false))).toBe(0);
    const [code, reason] = await closed;
    expect(order).toEqual(["f1", "p1", "f2", "f3", "q1", "p2", "f4"]);
    expect([code, String(reason)]).toEqual([4401, "over"]);
  });

  it("any interleaving of frames and pings arrives as written", async () => {
    const { client, ws, writer } = await connect(true);
    let got: string[] = [];
    let wake = () => {};
    client.on("message", (data: Buffer) => {
      got.push(`m${data.length}`);
      wake();
    });
    client.on("ping", (data) => {
      got.push(`p${data}`);
      wake();
    });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("frame" as const), size: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({ kind: fc.constant("ping" as const), size: fc.integer({ min: 1, max: 99 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        got = [];
        for (const { kind, size } of steps) {
          if (kind === "ping") ws.ping(String(size));
          else writer.write(new SharedFrame([Buffer.alloc(size, 97)], false));
        }
        while (got.length < steps.length) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        expect(got).toEqual(steps.map(({ kind, size }) => (kind === "ping" ? `p${size}` : `m${size}`)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("a chain of frames", () => {
  /** What a flush of many streams looks like: the same words around new text. */
  const flushText = (flush: number, streams: number): string =>
    Array.from(
      { length: streams },
      (_, i) => `stream_chunk agent-${i} stream-${i * 37} text ${flush * 7919 + i};`,
    ).join("");

  it("points back into the frame before, where the client got that one", async () => {
    const [chained, alone] = await Promise.all([connect(true), connect({ serverNoContextTakeover: true })]);
    const arrived = [collect(chained.client, 12), collect(alone.client, 12)];
    const bytes = [0, 0];
    let previous: SharedFrame | null = null;
    const texts = Array.from({ length: 12 }, (_, flush) => flushText(flush, 100));
    for (const text of texts) {
      previous = new SharedFrame([Buffer.from(text)], true, 100, previous);
      for (const [index, { writer }] of [chained, alone].entries())
        bytes[index] = (bytes[index] ?? 0) + writer.write(previous);
    }
    for (const got of await Promise.all(arrived)) expect(got.map(({ data }) => String(data))).toEqual(texts);
    expect(bytes[0]).toBeLessThan(0.8 * (bytes[1] ?? 0));
  });

  it("whoever misses frames, or gets others in between, reads every one that it gets", async () => {
    const one = (weight: number, kind: string, min: number, max: number) => ({
      weight,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        streams: fc.integer({ min, max }),
        to: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
      }),
    });
    const step = fc.oneof(
      one(6, "flush", 1, 900),
      one(2, "alone", 1, 60),
      one(1, "noise", 2_000, 6_000),
      one(1, "joined", 30, 60),
    );
    const pairs = await Promise.all([
      connect(true),
      connect(true),
      connect(true),
      connect({ serverNoContextTakeover: true }),
    ]);
    const got: string[][] = pairs.map(() => []);
    let arrived = () => {};
    for (const [index, { client }] of pairs.entries()) {
      client.on("message", (data: Buffer) => {
        got[index]?.push(data.toString("latin1"));
        arrived();
      });
      client.on("error", (error) => {
        got[index]?.push(String(error));
        arrived();
      });
    }
    let previous: SharedFrame | null = null;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const expected: string[][] = pairs.map(() => []);
        for (const list of got) list.length = 0;
        for (const [at, { kind, streams, to }] of steps.entries()) {
          const texts =
            kind === "noise"
              ? [randomBytes(streams).toString("latin1")]
              : Array.from({ length: kind === "joined" ? 3 : 1 }, (_, part) => flushText(at + part, streams));
          const payloads = texts.map((text) => Buffer.from(text, "latin1"));
          // What is sent to one viewer alone is no part of the chain.
          const frame: SharedFrame = new SharedFrame(payloads, true, streams, kind === "alone" ? null : previous);
          if (kind !== "alone") previous = frame;
          for (const index of to) {
            pairs[index]?.writer.write(frame);
            expected[index]?.push(...texts);
          }
        }
        while (got.some((list, index) => list.length < (expected[index]?.length ?? 0))) {
          await new Promise<void>((resolve) => {
            arrived = resolve;
          });
        }
        expect(got).toEqual(expected);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe("what was agreed on compression", () => {
  it.each([
    [undefined, "none"],
    ["Sec-WebSocket-Extensions: permessage-deflate", "chained"],
    ["permessage-deflate; client_no_context_takeover", "chained"],
    ["Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover", "alone"],
    ["permessage-deflate; server_no_context_takeover; client_no_context_takeover", "alone"],
    ["permessage-deflate; server_no_context_takeover; server_max_window_bits=15", "alone"],
    ["permessage-deflate; server_max_window_bits=15", "chained"],
    ["permessage-deflate; server_no_context_takeover; server_max_window_bits=9", "none"],
    ["permessage-deflate; server_max_window_bits=9", "none"],
  ])("%s", (extensions, expected) => {
    expect(sharedDeflate(extensions)).toBe(expected);
  });
});
