import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Codec, decodeServerFrame, decodeViewerFrame, jsonCodec, msgpackCodec } from "./codec.js";
import type { ServerMessage, ViewerMessage } from "./messages.js";
import type { InboundMessage } from "./parse.js";
import { isJson, ProtocolFault } from "./parse.js";

const chunk = (text: string): ServerMessage => ({
  type: "stream_chunk",
  stream_id: "s",
  agent_name: "a",
  chunk: text,
  offset: 0,
  timestamp: 1_700_000_000_000.25,
});
const complete: ServerMessage = {
  type: "stream_complete",
  seq: 1,
  stream_id: "s",
  agent_name: "a",
  status: "completed",
  length: 0,
  duration: 0.5,
  timestamp: 1,
};
const publish = (payload: unknown): ViewerMessage => ({
  type: "publish",
  request_id: "r",
  artifact_type: "T",
  payload,
});

interface Case<Frame> {
  codec: Codec<Frame>;
  server: (messages: readonly ServerMessage[]) => ServerMessage[];
  viewer: (message: ViewerMessage) => readonly InboundMessage[];
}

function through<Frame>(codec: Codec<Frame>): Case<Frame> {
  return {
    codec,
    server: (messages) => codec.encode(messages).flatMap((frame) => decodeServerFrame(codec, frame)),
    viewer: (message) => decodeViewerFrame(codec, codec.encodeViewer(message)),
  };
}

const rawJson = (value: unknown): string => JSON.stringify(value);
const rawPack = (value: unknown): Uint8Array<ArrayBuffer> => msgpackCodec.encodeViewer(value as never);

describe.each([through<string>(jsonCodec), through<Uint8Array<ArrayBuffer>>(msgpackCodec)] as Case<never>[])(
  "codec $codec.id",
  ({ codec, server, viewer }) => {
    it("gives back what the server said", () => {
      fc.assert(
        fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }), (texts) => {
          const messages = texts.map(chunk);
          expect(server(messages)).toEqual(messages);
        }),
      );
    });

    it("gives back any JSON payload that a viewer publishes", () => {
      fc.assert(
        fc.property(fc.jsonValue({ noUnicodeString: false }), (payload) => {
          // MessagePack's is told apart below.
          fc.pre(!JSON.stringify(payload).includes('"__proto__":'));
          const [message] = viewer(publish(payload));
          expect(JSON.stringify(message?.type === "publish" ? message.payload : null)).toBe(JSON.stringify(payload));
        }),
      );
    });

    it("treats an undefined field as an absent one", () => {
      const [message] = server([{ ...complete, usage: undefined, full_content: undefined }]);
      expect(Object.keys(message ?? {}).sort()).toEqual(Object.keys(complete).sort());
    });

    it("says nothing for no messages", () => {
      expect(codec.encode([])).toEqual([]);
    });
  },
);

it("MessagePack gives a key that would name a prototype another name", () => {
  const frame = msgpackCodec.encodeViewer(publish(JSON.parse('{"__proto__":{"polluted":true},"kept":1}')));
  const [message] = decodeViewerFrame(msgpackCodec, frame);
  const payload = message?.type === "publish" ? (message.payload as Record<string, unknown>) : {};
  expect(payload.polluted).toBeUndefined();
  expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
  expect(Object.keys(payload)).toEqual(["__proto_", "kept"]);
});

describe("frames", () => {
  it("are one message each in JSON, all messages in one in MessagePack", () => {
    const messages = [chunk("a"), chunk("b"), complete];
    expect(jsonCodec.encode(messages)).toHaveLength(3);
    expect(msgpackCodec.encode(messages)).toHaveLength(1);
  });

  it("own their memory: a MessagePack frame is not a view of a pool", () => {
    const [first] = msgpackCodec.encode([chunk("first")]);
    msgpackCodec.encode([chunk("second, which would overwrite the pool")]);
    expect(first?.byteLength).toBe(first?.buffer.byteLength);
    expect(first === undefined ? [] : decodeServerFrame(msgpackCodec, first)).toEqual([chunk("first")]);
  });
});

describe("a viewer", () => {
  it("ignores messages of a type that it does not know, and fields too", () => {
    const [frame] = msgpackCodec.encode([chunk("a"), { type: "stream_confetti", x: 1 } as never, chunk("b")]);
    expect(frame === undefined ? [] : decodeServerFrame(msgpackCodec, frame)).toHaveLength(2);
    expect(decodeServerFrame(jsonCodec, rawJson({ type: "sync_complete", seq: 1, mood: "good" }))).toEqual([
      { type: "sync_complete", seq: 1 },
    ]);
  });

  it.each([
    ["a chunk without an offset", { type: "stream_chunk", stream_id: "s", agent_name: "a", chunk: "x", timestamp: 1 }],
    ["a chunk at a negative offset", { ...chunk("x"), offset: -1 }],
    ["a chunk at half an offset", { ...chunk("x"), offset: 0.5 }],
    ["a seq that is text", { type: "sync_complete", seq: "1" }],
    ["no type", { seq: 1 }],
    ["a list", []],
    ["null", null],
  ])("refuses %s", (_name, value) => {
    expect(() => decodeServerFrame(jsonCodec, rawJson(value))).toThrow(ProtocolFault);
  });
});

describe("the server", () => {
  it.each([
    ["attach", { type: "attach" }],
    ["attach with all", { type: "attach", epoch: "e", cursors: { s: 3 }, since_seq: 0, acks: true }],
    ["focus on some", { type: "focus", streams: ["a"] }],
    ["focus on all", { type: "focus", streams: null }],
    ["ack", { type: "ack", chars: 10 }],
    ["cancel", { type: "cancel", request_id: "r", run_id: "x" }],
    ["publish", publish({ title: "x" })],
  ])("takes %s", (_name, message) => {
    for (const decoded of [
      decodeViewerFrame(jsonCodec, rawJson(message)),
      decodeViewerFrame(msgpackCodec, rawPack(message)),
    ])
      expect(decoded).toEqual([message]);
  });

  it.each([
    ["cancel of nothing", { type: "cancel", request_id: "r" }, /exactly one/],
    ["cancel of two things", { type: "cancel", request_id: "r", run_id: "a", stream_id: "b" }, /exactly one/],
    ["publish of nothing", { type: "publish", request_id: "r" }, /^artifact_type: [^\n]+$/],
    [
      "publish with two faults",
      { type: "publish", request_id: "r", artifact_type: 1, payload: 1, tags: ["a", 2] },
      /^artifact_type: [^;\n]+; tags\.1: [^;\n]+$/,
    ],
    [
      "publish with tags that are none",
      { type: "publish", request_id: "r", artifact_type: "T", payload: 1, tags: 2 },
      /tags/,
    ],
  ])("lets %s be answered, since it names itself", (_name, value, reason) => {
    for (const decoded of [
      decodeViewerFrame(jsonCodec, rawJson(value)),
      decodeViewerFrame(msgpackCodec, rawPack(value)),
    ])
      expect(decoded).toEqual([{ type: "misfit", request_id: "r", reason: expect.stringMatching(reason) }]);
  });

  it.each([
    ["an unknown type", { type: "shutdown" }],
    ["a server's message", chunk("x")],
    ["a negative cursor", { type: "attach", cursors: { s: -1 } }],
    ["half a cursor", { type: "attach", cursors: { s: 1.5 } }],
    ["a cursor beyond all numbers", { type: "attach", cursors: { s: 1e300 } }],
    ["focus on a word", { type: "focus", streams: "all" }],
    ["publish without an address", { type: "publish", artifact_type: "T", payload: {} }],
    ["a number", 1],
    ["a list of messages in JSON", [{ type: "attach" }]],
  ])("refuses %s, and says what is wrong", (_name, value) => {
    expect(() => decodeViewerFrame(jsonCodec, rawJson(value))).toThrow(ProtocolFault);
    expect(() => decodeViewerFrame(msgpackCodec, rawPack(value))).toThrow(/./);
  });

  it("refuses frames of the wrong form", () => {
    expect(() => decodeViewerFrame(jsonCodec, "{")).toThrow(/not JSON/);
    expect(() => decodeViewerFrame(msgpackCodec, new Uint8Array([0x91]))).toThrow(/not MessagePack/);
    expect(() => decodeViewerFrame(msgpackCodec, new Uint8Array([0x80]))).toThrow(/not an array/);
    // 60,000 nested arrays.
    expect(() => decodeViewerFrame(msgpackCodec, new Uint8Array(60_000).fill(0x91))).toThrow(ProtocolFault);
    expect(() => decodeViewerFrame(jsonCodec, "[".repeat(60_000) + "]".repeat(60_000))).toThrow(ProtocolFault);
  });

  it("refuses payloads that JSON cannot carry", () => {
    const values = [
      new Date(0),
      new Uint8Array([1]),
      { deep: [new Date(0)] },
      Number.NaN,
      undefined,
      { a: undefined },
      1n,
    ];
    expect(values.map(isJson)).toEqual(values.map(() => false));
    expect(isJson({ a: [1, "x", null, true, { b: {} }] })).toBe(true);
    expect(isJson(null)).toBe(true);
  });

  it("survives any bytes and any text: it decodes them, or throws a ProtocolFault", () => {
    const survives = (decode: () => unknown): void => {
      try {
        decode();
      } catch (fault) {
        expect(fault).toBeInstanceOf(ProtocolFault);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) =>
        survives(() => decodeViewerFrame(msgpackCodec, new Uint8Array(bytes))),
      ),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => survives(() => decodeViewerFrame(jsonCodec, text))),
      { numRuns: 2_000 },
    );
    const mutated = fc.tuple(fc.nat(200), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutated, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = rawPack({ type: "attach", epoch: "e", cursors: { stream: 3 }, since_seq: 9, acks: true });
        for (const [at, value] of mutations) bytes[at % bytes.length] = value;
        survives(() => decodeViewerFrame(msgpackCodec, bytes));
      }),
      { numRuns: 2_000 },
    );
    expect(decodeViewerFrame(msgpackCodec, rawPack({ type: "ack", chars: 1 }))).toEqual([{ type: "ack", chars: 1 }]);
  });
});
