import { afterEach, describe, expect, it } from "vitest";
import { jsonCodec, msgpackCodec } from "./codec.js";
import { createFramePair, createMemoryPair, frameSize, openMemoryEnds } from "./memory-pair.js";
import type { ServerMessage, ViewerMessage } from "./messages.js";
import { chunk } from "./messages.testing.js";

afterEach(() => {
  expect(openMemoryEnds()).toBe(0);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("memory pair", () => {
  it("carries messages both ways, through the codec", async () => {
    const { server, viewer } = createMemoryPair(msgpackCodec);
    const seen: unknown[] = [];
    viewer.onMessage((messages) => seen.push(...messages));
    server.onMessage((message) => seen.push(message));
    const sent = { ...chunk(0, "x"), extra: undefined };
    server.send([sent]);
    viewer.send({ type: "focus", streams: null });
    expect(seen).toEqual([]);
    await settled();
    expect(seen).toHaveLength(2);
    expect(seen).toEqual(expect.arrayContaining([chunk(0, "x"), { type: "focus", streams: null }]));
    expect(seen).not.toContain(sent);
    viewer.close();
  });

  it("closes with 1008 on a message that does not fit the protocol", async () => {
    const { server, viewer } = createMemoryPair(jsonCodec);
    const closes: number[] = [];
    server.onMessage(() => {});
    viewer.onClose(({ code }) => closes.push(code));
    server.onClose(({ code }) => closes.push(code));
    viewer.send({ type: "nonsense" } as unknown as ViewerMessage);
    await settled();
    expect(closes).toEqual([1008, 1008]);
  });

  it("keeps what arrives before anyone listens", async () => {
    const { server, viewer } = createMemoryPair(jsonCodec);
    server.send([chunk(0, "early")]);
    await settled();
    const seen: ServerMessage[] = [];
    viewer.onMessage((messages) => seen.push(...messages));
    await settled();
    expect(seen).toEqual([chunk(0, "early")]);
    server.close();
    await settled();
  });

  it("delivers what was sent before a close, then tells both ends once", async () => {
    const [left, right] = createFramePair<string, string>();
    const seen: string[] = [];
    right.onMessage((frame) => seen.push(frame));
    left.onClose(({ code }) => seen.push(`left ${code}`));
    right.onClose(({ code, reason }) => seen.push(`right ${code} ${reason}`));
    left.send("last");
    left.close(1001, "bye");
    left.close(1000);
    left.send("never");
    await settled();
    right.close();
    expect(seen).toEqual(["left 1001", "last", "right 1001 bye"]);
  });

  it("shows a paused reader as bytes that are not taken, and tells when they are", async () => {
    const [left, right] = createFramePair<string, string>(frameSize);
    const seen: string[] = [];
    right.onMessage((frame) => seen.push(frame));
    left.onDrain(() => seen.push("drained"));
    right.pause();
    left.send("four");
    left.send("five!");
    await settled();
    expect([left.bufferedBytes, seen.length]).toEqual([9, 0]);
    right.resume();
    await settled();
    expect([left.bufferedBytes, seen]).toEqual([0, ["four", "five!", "drained"]]);
    right.close();
    await settled();
  });
});
