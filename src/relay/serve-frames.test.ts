import { afterEach, describe, expect, it } from "vitest";
import {
  createFramePair,
  decodeServerFrame,
  frameSize,
  jsonCodec,
  msgpackCodec,
  openMemoryEnds,
  type ServerMessage,
} from "../protocol/index.js";
import { hubWithStreams } from "./hub.testing.js";
import { serveFrames } from "./serve-frames.js";

afterEach(() => {
  expect(openMemoryEnds()).toBe(0);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

function served(onOther?: (value: unknown) => boolean) {
  const { hub, clock } = hubWithStreams(1);
  const [server, viewer] = createFramePair<string, string>(frameSize);
  const messages: ServerMessage[] = [];
  const closes: number[] = [];
  viewer.onMessage((frame) => messages.push(...decodeServerFrame(jsonCodec, frame)));
  viewer.onClose(({ code }) => closes.push(code));
  const end = serveFrames(hub, server, {
    codec: jsonCodec,
    role: "watch",
    carrier: "test",
    address: "here",
    bufferedBytes: () => server.bufferedBytes,
    ...(onOther && { onOther }),
  });
  return { hub, clock, viewer, messages, closes, end };
}

describe("serveFrames", () => {
  it("connects a carrier of frames with the hub, until the carrier closes", async () => {
    const { hub, clock, viewer, messages } = served();
    viewer.send(JSON.stringify({ type: "attach" }));
    await settled();
    hub.append("s0", "text");
    clock.advance(60);
    await settled();
    expect(messages.map(({ type }) => type)).toEqual(["hello", "stream_started", "sync_complete", "stream_chunk"]);
    expect(hub.viewers).toMatchObject([{ role: "watch", carrier: "test", address: "here", lagChars: 0 }]);
    viewer.close();
    await settled();
    expect(hub.viewers).toEqual([]);
  });

  it.each(["{", '{"type":"attach","cursors":7}', '{"type":"dance"}', "[]"])("closes with 1008 on %s", async (frame) => {
    const { hub, viewer, closes } = served();
    viewer.send(frame);
    await settled();
    expect(closes).toEqual([1008]);
    expect(hub.viewers).toEqual([]);
  });

  it("leaves to its host what is not the protocol's", async () => {
    const others: unknown[] = [];
    const { hub, viewer, messages } = served((value) => {
      const taken = typeof value === "object" && value !== null && "type" in value && value.type === "desktop_request";
      if (taken) others.push(value);
      return taken;
    });
    viewer.send('{"type":"desktop_request","method":"reload_file"}');
    viewer.send('{"type":"attach"}');
    await settled();
    expect(others).toEqual([{ type: "desktop_request", method: "reload_file" }]);
    expect(messages.at(-1)).toMatchObject({ type: "sync_complete" });
    hub.shutdown();
    await settled();
  });

  it("carries MessagePack as well", async () => {
    const { hub } = hubWithStreams(0);
    const [server, viewer] = createFramePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>(frameSize);
    const types: string[] = [];
    viewer.onMessage((frame) => types.push(...decodeServerFrame(msgpackCodec, frame).map(({ type }) => type)));
    serveFrames(hub, server, { codec: msgpackCodec, role: "control", carrier: "test" });
    viewer.send(msgpackCodec.encodeViewer({ type: "attach" }));
    await settled();
    expect(types).toEqual(["hello", "sync_complete"]);
    hub.shutdown();
    await settled();
  });
});
