import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type ErrorCode, msgpackCodec, type ViewerMessage } from "../../protocol/index.js";
import {
  bearer,
  Client,
  CONTROL,
  cleanUp,
  connect,
  isType,
  ManualClock,
  onCleanUp,
  send,
  startBench,
  WATCH,
} from "../server.testing.js";

afterEach(cleanUp);

const FRAME_LIMIT = 64 * 1024;

/** A `focus` of exactly so many bytes on the wire. */
function focusOfSize(subprotocol: "json" | "msgpack", bytes: number): string | Uint8Array {
  const frameOf = (length: number) => {
    const message: ViewerMessage = { type: "focus", streams: ["x".repeat(length)] };
    return subprotocol === "json" ? JSON.stringify(message) : msgpackCodec.encodeViewer(message);
  };
  // The header of a long string does not grow with its length here.
  const frame = frameOf(bytes - (frameOf(60_000).length - 60_000));
  expect(frame.length).toBe(bytes);
  return frame;
}

describe.each(["json", "msgpack"] as const)("frame size, %s", (subprotocol) => {
  it.each([true, false])("64 KiB pass, one byte more closes with 1009 (compressed: %s)", async (compress) => {
    const { hub, server, startStream } = await startBench();
    startStream("s1");
    const client = await connect(server, { subprotocol, compress });
    await client.until(isType("sync_complete"));
    client.ws.send(focusOfSize(subprotocol, FRAME_LIMIT));
    client.send({ type: "focus", streams: null });
    hub.append("s1", "still here");
    await client.until(isType("stream_chunk"));
    client.ws.send(focusOfSize(subprotocol, FRAME_LIMIT + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it("fragments count together", async () => {
    const { server } = await startBench();
    const client = await connect(server, { subprotocol, compress: false });
    const half = Buffer.alloc(40_000, 32);
    client.ws.send(half, { fin: false, binary: subprotocol === "msgpack" });
    client.ws.send(half, { fin: true });
    expect((await client.closed).code).toBe(1009);
  });
});

describe("viewers", () => {
  it("64 by default; one more is told 1013, over SSE 503; a place that is free again is taken", async () => {
    const { server } = await startBench();
    const clients = await Promise.all(Array.from({ length: 64 }, () => connect(server)));
    await Promise.all(clients.map((client) => client.until(isType("hello"))));
    const refused = await connect(server);
    expect((await refused.closed).code).toBe(1013);
    const events = await send(server, "/api/v1/events", { headers: bearer(WATCH) });
    expect([events.status, events.json().code]).toEqual([503, "too_many_viewers" satisfies ErrorCode]);
    expect(server.viewers()).toHaveLength(64);
    clients[0]?.ws.close();
    await clients[0]?.closed;
    await expect.poll(() => server.viewers().length).toBe(63);
    const next = await connect(server);
    expect((await next.until(isType("hello"))).role).toBe("watch");
  });

  it("as many as are asked for", async () => {
    const { server } = await startBench({ maxViewers: 1 });
    await (await connect(server)).until(isType("hello"));
    expect((await (await connect(server)).closed).code).toBe(1013);
  });
});

describe.each(["json", "msgpack"] as const)("messages a second, %s", (subprotocol) => {
  it("a burst of 100 passes and the next is 4429; 50 more a second later", async () => {
    const clock = new ManualClock();
    const { server, commands } = await startBench({ clock });
    const client = await connect(server, { subprotocol, token: CONTROL });
    const cancels = (from: number, count: number): ViewerMessage[] =>
      Array.from({ length: count }, (_, i) => ({ type: "cancel", request_id: `r${from + i}`, stream_id: "s" }));
    const hasReply = (id: string) => client.until((message) => message.type === "reply" && message.request_id === id);
    client.send(...cancels(0, 99));
    await hasReply("r98");
    clock.advance(1000);
    client.send(...cancels(99, 50));
    await hasReply("r148");
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.send(...cancels(149, 1));
    expect((await client.closed).code).toBe(4429);
    expect(commands).toHaveLength(149);
  });
});

it("every message of a MessagePack frame counts", async () => {
  const clock = new ManualClock();
  const { server } = await startBench({ clock });
  const client = await connect(server, { subprotocol: "msgpack" });
  await client.until(isType("hello"));
  const message = { type: "focus", streams: null };
  client.ws.send(msgpackArray(Array.from({ length: 99 }, () => message)));
  client.ws.send(msgpackArray([message]));
  expect((await client.closed).code).toBe(4429);
});

function msgpackArray(messages: object[]): Uint8Array {
  return Buffer.concat([
    Buffer.from([0xdc, messages.length >> 8, messages.length & 0xff]),
    ...messages.map((message) => msgpackCodec.encodeViewer(message as ViewerMessage).subarray(1)),
  ]);
}

describe("time to attach", () => {
  it("10 s, then 4408", async () => {
    const clock = new ManualClock();
    const { server } = await startBench({ clock });
    const late = await connect(server, { attach: false });
    const timely = await connect(server, { attach: false });
    await Promise.all([late.until(isType("hello")), timely.until(isType("hello"))]);
    clock.advance(9_999);
    timely.send({ type: "attach" });
    await timely.until(isType("sync_complete"));
    expect(late.ws.readyState).toBe(late.ws.OPEN);
    clock.advance(1);
    expect((await late.closed).code).toBe(4408);
    clock.advance(10_000);
    expect(timely.ws.readyState).toBe(timely.ws.OPEN);
  });
});

describe("heartbeat", () => {
  it("pings every 25 s, and cuts the connection 8 s later without a pong", async () => {
    const clock = new ManualClock();
    const { server } = await startBench({ clock });
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, ["flockdeck.v1.json"], {
      headers: bearer(CONTROL),
      autoPong: false,
    });
    onCleanUp(() => ws.terminate());
    const client = new Client(ws, "json");
    let pings = 0;
    ws.on("ping", () => {
      pings += 1;
    });
    /** What was sent before this has been taken when its reply is here. */
    const roundTrip = async (id: string) => {
      client.send({ type: "cancel", request_id: id, stream_id: "s" });
      await client.until((message) => message.type === "reply" && message.request_id === id);
    };
    await client.until(isType("hello"));
    client.send({ type: "attach" });
    await roundTrip("0");
    clock.advance(24_999);
    await roundTrip("1");
    expect(pings).toBe(0);
    clock.advance(1);
    await roundTrip("2");
    expect(pings).toBe(1);
    clock.advance(7_999);
    ws.pong();
    await roundTrip("3");
    clock.advance(24_999);
    await roundTrip("4");
    expect(pings).toBe(1);
    clock.advance(1);
    await roundTrip("5");
    expect(pings).toBe(2);
    clock.advance(7_999);
    await roundTrip("6");
    clock.advance(1);
    expect((await client.closed).code).toBe(1006);
    await expect.poll(() => server.viewers().length).toBe(0);
  });
});

describe("what a frame may be", () => {
  it.each([
    ["json", "no JSON", "{"],
    ["json", "empty text", ""],
    ["json", "a number", "1"],
    ["json", "null", "null"],
    ["json", "an array of messages", '[{"type":"attach"}]'],
    ["json", "no type", "{}"],
    ["json", "an unknown type", '{"type":"launch"}'],
    ["json", "a server's message", '{"type":"sync_complete","seq":1}'],
    ["json", "a cursor that is no number", '{"type":"attach","cursors":{"s":"1"}}'],
    ["json", "a negative cursor", '{"type":"attach","cursors":{"s":-1}}'],
    ["json", "a fraction of a unit", '{"type":"ack","chars":0.5}'],
    ["json", "cancel without an id", '{"type":"cancel","stream_id":"a"}'],
    ["json", "publish without an id", '{"type":"publish","artifact_type":"T","payload":{}}'],
    [
      "json",
      "nesting that overflows stacks",
      `{"type":"publish","request_id":"1","artifact_type":"T","payload":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    ],
    ["json", "binary where text is due", Buffer.from('{"type":"attach"}')],
    ["msgpack", "text where binary is due", '{"type":"attach"}'],
    ["msgpack", "empty", Buffer.alloc(0)],
    ["msgpack", "a reserved byte", Buffer.from([0xc1])],
    ["msgpack", "a number", Buffer.from([0x01])],
    ["msgpack", "an array that ends early", Buffer.from([0x95, 0x81])],
    ["msgpack", "an array of numbers", Buffer.from([0x92, 0x01, 0x02])],
    ["msgpack", "an extension", Buffer.from([0xd4, 0x72, 0x40])],
    ["msgpack", "a string said to have 4 GB", Buffer.from([0x91, 0xdb, 0xff, 0xff, 0xff, 0xff])],
    ["msgpack", "an array said to have 4 G elements", Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
    ["msgpack", "deep arrays", Buffer.alloc(60_000, 0x91)],
  ] as const)("%s: %s closes with 1008", async (subprotocol, _name, frame) => {
    const { server, commands } = await startBench();
    const client = await connect(server, { subprotocol, token: CONTROL, attach: false });
    client.ws.send(frame);
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([1008, "The message does not fit the protocol"]);
    expect(commands).toEqual([]);
  });

  it.each([
    ["cancel of nothing", { type: "cancel", request_id: "1" }],
    ["cancel of two things", { type: "cancel", request_id: "1", stream_id: "a", run_id: "b" }],
    ["publish without a type", { type: "publish", request_id: "1", payload: {} }],
  ])("%s names itself: it is answered, and the connection stays", async (_name, request) => {
    const { server, commands } = await startBench();
    const client = await connect(server, { subprotocol: "json", token: CONTROL });
    client.ws.send(JSON.stringify(request));
    const reply = await client.until(isType("reply"));
    expect(reply).toMatchObject({ request_id: "1", ok: false, error: { code: "invalid_message" } });
    client.ws.send(JSON.stringify({ type: "publish", request_id: "2", artifact_type: "T", payload: {} }));
    await client.until((message) => message.type === "reply" && message.request_id === "2");
    expect(commands).toHaveLength(1);
  });

  it("a lone MessagePack message counts as an array of one", async () => {
    const { server } = await startBench();
    const client = await connect(server, { subprotocol: "msgpack", attach: false });
    client.ws.send(msgpackCodec.encodeViewer({ type: "attach" }).subarray(1));
    await client.until(isType("sync_complete"));
  });

  it("unknown fields are ignored", async () => {
    const { server } = await startBench();
    const client = await connect(server, { attach: false });
    client.ws.send('{"type":"attach","colour":"blue"}');
    await client.until(isType("sync_complete"));
  });
});

describe("roles", () => {
  it("a watcher's command is answered with forbidden; a controller's is carried out", async () => {
    const { server, commands } = await startBench();
    const watcher = await connect(server);
    const controller = await connect(server, { token: CONTROL });
    const publish = { type: "publish", request_id: "r1", artifact_type: "Topic", payload: { title: "x" } } as const;
    watcher.send(publish);
    controller.send(publish);
    expect(await watcher.until(isType("reply"))).toMatchObject({ ok: false, error: { code: "forbidden" } });
    expect(await controller.until(isType("reply"))).toMatchObject({ ok: true, result: { artifact_id: "a1" } });
    expect(commands).toHaveLength(1);
  });
});

describe("subprotocols", () => {
  it.each([
    [["flockdeck.v1.json"], "flockdeck.v1.json"],
    [["flockdeck.v1.msgpack", "flockdeck.v1.json"], "flockdeck.v1.msgpack"],
    [["flockdeck.v1.json", "flockdeck.v1.msgpack"], "flockdeck.v1.json"],
    [[`flockdeck.token.${WATCH}`, "flockdeck.v1.msgpack"], "flockdeck.v1.msgpack"],
    [["something", "flockdeck.v1.json"], "flockdeck.v1.json"],
    [[], ""],
  ])("of %j the server takes %j, and never names the token", async (offered, expected) => {
    const { server } = await startBench();
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, offered, { headers: bearer(WATCH) });
    onCleanUp(() => ws.terminate());
    const upgraded = once(ws, "upgrade");
    await once(ws, "open");
    const [response] = await upgraded;
    expect(ws.protocol).toBe(expected);
    expect(JSON.stringify(response.rawHeaders)).not.toContain(WATCH);
  });

  it("compression is offered without context takeover, and can be declined", async () => {
    const { server } = await startBench();
    const compressed = await connect(server);
    const plain = await connect(server, { compress: false });
    expect(compressed.ws.extensions).toBe("permessage-deflate");
    expect(plain.ws.extensions).toBe("");
  });
});
