import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { applyMessages, createViewState } from "../protocol/index.js";
import { MAX_BUFFERED_BYTES, MAX_UNACKNOWLEDGED_UNITS, RETAINED_UNITS } from "../relay/index.js";
import {
  type Bench,
  bearer,
  type Client,
  cleanUp,
  closeServer,
  connect,
  isType,
  ManualClock,
  onCleanUp,
  startBench,
  WATCH,
} from "./server.testing.js";
import { openEvents } from "./sse/sse-client.testing.js";
import { systemClock } from "./system-clock.js";

afterEach(cleanUp);

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("one encoding for all viewers in step", () => {
  it("holds per flush and codec, however many watch", async () => {
    const clock = new ManualClock();
    const bench = await startBench({ clock });
    const clients = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        connect(bench.server, { subprotocol: index % 2 ? "json" : "msgpack", compress: index % 3 !== 0 }),
      ),
    );
    await Promise.all(clients.map((client) => client.until(isType("sync_complete"))));
    bench.startStream("s1");
    clock.advance(100);
    const { liveEncodes, flushes } = structuredClone(bench.hub.counters);
    for (let index = 0; index < 20; index += 1) {
      bench.hub.append("s1", "some words of text, and again ".repeat(80));
      clock.advance(50);
      await turn();
    }
    const { counters } = bench.hub;
    const flushed = counters.flushes - flushes;
    expect(flushed).toBeGreaterThanOrEqual(20);
    for (const id of ["websocket.json", "websocket.msgpack"]) {
      expect((counters.liveEncodes[id] ?? 0) - (liveEncodes[id] ?? 0)).toBe(20);
    }
    bench.endStream("s1");
    clock.advance(100);
    const expected = "some words of text, and again ".repeat(80 * 20);
    for (const client of clients) {
      await client.until(isType("stream_complete"));
      expect(client.textOf("s1")).toBe(expected);
    }
  });
});

describe("a viewer that stops reading", () => {
  const ids = Array.from({ length: 16 }, (_, index) => `s${index}`);
  const noise = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2, 8)).join("");

  it("slows nobody, and converges when it reads again", async () => {
    const bench = await startBench();
    const fast = await connect(bench.server, { subprotocol: "msgpack" });
    const slow = await connect(bench.server, { subprotocol: "msgpack", compress: false });
    await Promise.all([fast, slow].map((client) => client.until(isType("sync_complete"))));
    for (const id of ids) bench.startStream(id);
    await slow.until((message) => message.type === "stream_started" && message.stream_id === "s15");
    slow.ws.pause();
    const texts = new Map(ids.map((id) => [id, ""]));
    let held = 0;
    for (let round = 0; round < 18; round += 1) {
      for (const [index, id] of ids.entries()) {
        const from = (round * 977 + index * 131) % 50_000;
        const text = noise.slice(from, from + 50_000);
        texts.set(id, ((texts.get(id) ?? "") + text).slice(-RETAINED_UNITS));
        bench.hub.append(id, text);
      }
      await expect.poll(() => sizeOf(fast, "s15")).toBe((round + 1) * 50_000);
      await expect.poll(() => lags(bench)[0]).toBe(0);
      held = Math.max(held, ...lags(bench));
    }
    expect(held).toBeGreaterThan(RETAINED_UNITS);
    slow.ws.resume();
    for (const id of ids) bench.endStream(id);
    for (const client of [fast, slow]) {
      await client.until((message) => message.type === "stream_complete" && message.stream_id === "s15");
      for (const id of ids) expect(finalText(client, id).slice(-RETAINED_UNITS)).toBe(texts.get(id));
    }
    expect(fast.messages.some(isType("stream_reset"))).toBe(false);
    expect(slow.messages.some(isType("stream_reset"))).toBe(true);
  });

  it("holds less than 20 MiB of the server", async () => {
    const bench = await startBench();
    const stuck = await connect(bench.server, { compress: false });
    await stuck.until(isType("sync_complete"));
    for (const id of ids) bench.startStream(id);
    stuck.ws.pause();
    while (bench.hub.counters.fallOuts === 0) await flood(bench);
    for (let round = 0; round < 10; round += 1) await flood(bench);
    const held = await memory();
    stuck.ws.terminate();
    await expect.poll(() => bench.server.viewers().length).toBe(0);
    expect(held - (await memory())).toBeLessThan(20 * 1024 * 1024);
  });

  async function flood(bench: Bench): Promise<void> {
    for (const id of ids) bench.hub.append(id, noise.slice(0, 50_000));
    await expect
      .poll(() => [...bench.hub.store.live].every((stream) => stream.flushed === stream.log.length))
      .toBe(true);
  }

  it("is held back above 1 MiB in its socket, not before", async () => {
    const bench = await startBench();
    const client = await connect(bench.server, { compress: false });
    await client.until(isType("sync_complete"));
    for (const id of ids) bench.startStream(id);
    await client.until((message) => message.type === "stream_started" && message.stream_id === "s15");
    client.ws.pause();
    let rounds = 0;
    for (; bench.hub.counters.fallOuts === 0; rounds += 1) {
      await flood(bench);
    }
    expect(rounds * ids.length * 50_000).toBeGreaterThan(MAX_BUFFERED_BYTES);
    client.ws.resume();
    for (const id of ids) bench.endStream(id);
    await client.until((message) => message.type === "stream_complete" && message.stream_id === "s15");
    for (const id of ids) expect(finalText(client, id).slice(-50_000)).toBe(noise.slice(0, 50_000));
  });
});

/** The newest length of a stream that a client was told. */
function sizeOf(client: Client, streamId: string): number {
  for (let index = client.messages.length - 1; index >= 0; index -= 1) {
    const message = client.messages[index];
    if (message?.type === "stream_chunk" && message.stream_id === streamId)
      return message.offset + message.chunk.length;
  }
  return 0;
}

function lags(bench: Bench): number[] {
  return bench.server.viewers().map((viewer) => viewer.lag_chars);
}

/** What lives, in bytes. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    // Buffers are freed in the background, after the collection.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** What the fold that every viewer uses holds at the end. */
function finalText(client: Client, streamId: string): string {
  const state = createViewState();
  applyMessages(state, client.messages);
  return state.streams.get(streamId)?.text.slice() ?? "";
}

describe("acknowledgements", () => {
  it("a viewer that acknowledges gets no more than 1,000,000 units ahead", async () => {
    const clock = new ManualClock();
    const bench = await startBench({ clock });
    const client = await connect(bench.server, { subprotocol: "msgpack", attach: false });
    client.send({ type: "attach", acks: true });
    await client.until(isType("sync_complete"));
    const ids = Array.from({ length: 12 }, (_, index) => `s${index}`);
    for (const id of ids) bench.startStream(id);
    const units = () =>
      client.messages.reduce((sum, message) => sum + (message.type === "stream_chunk" ? message.chunk.length : 0), 0);
    for (let round = 0; round < 3; round += 1) {
      for (const id of ids) bench.hub.append(id, "y".repeat(50_000));
      clock.advance(100);
      await expect.poll(units).toBeGreaterThanOrEqual(Math.min(round + 1, 2) * 600_000);
    }
    const held = units();
    expect(held).toBeGreaterThan(MAX_UNACKNOWLEDGED_UNITS);
    expect(held).toBeLessThan(3 * 600_000);
    client.send({ type: "ack", chars: held });
    await expect.poll(units).toBe(3 * 600_000);
  });
});

describe("closing", () => {
  it("hands every viewer everything, then closes with 1001, and SSE ends", async () => {
    const bench = await startBench();
    const clients = [await connect(bench.server), await connect(bench.server, { subprotocol: "msgpack" })];
    const events = await openEvents(bench.server);
    await Promise.all([...clients, events].map((client) => client.until(isType("sync_complete"))));
    bench.startStream("s1");
    bench.hub.append("s1", "a");
    bench.hub.append("s1", "z".repeat(200_000).slice(0, 90_000));
    bench.hub.append("s1", "the end");
    bench.endStream("s1");
    await closeServer(bench.server, systemClock, 1_000);
    for (const client of clients) {
      expect((await client.closed).code).toBe(1001);
      expect(client.textOf("s1")).toBe(`a${"z".repeat(90_000)}the end`);
      expect(client.messages.some(isType("stream_complete"))).toBe(true);
    }
    await events.ended;
    expect(events.comments).toEqual(["closed 1001 The server is shutting down"]);
    expect(events.messages.some(isType("stream_complete"))).toBe(true);
    expect(bench.server.viewers()).toEqual([]);
    expect(bench.hub.viewers).toEqual([]);
    await expect(connect(bench.server)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("waits for events that are not flushed yet", async () => {
    const bench = await startBench();
    const client = await connect(bench.server);
    await client.until(isType("sync_complete"));
    for (const id of ["w1", "w2"]) {
      bench.hub.emit({ type: "workflow_started", correlation_id: id, timestamp: 1 });
      if (id === "w1") await client.until(isType("workflow_started"));
    }
    await closeServer(bench.server, systemClock, 1_000);
    await client.closed;
    expect(client.messages.filter(isType("workflow_started")).map((message) => message.correlation_id)).toEqual([
      "w1",
      "w2",
    ]);
  });

  it("does not wait for those who do not answer", async () => {
    const clock = new ManualClock();
    const bench = await startBench({ clock });
    const deaf = await connect(bench.server, { compress: false });
    await deaf.until(isType("hello"));
    deaf.ws.pause();
    const start = clock.now();
    await closeServer(bench.server, clock, 1_500);
    expect(clock.now() - start).toBeLessThanOrEqual(2_000);
    expect(bench.server.viewers()).toEqual([]);
  });

  it("leaves the hub to the other viewers", async () => {
    const bench = await startBench();
    await closeServer(bench.server, systemClock, 0);
    bench.startStream("s1");
    expect(bench.hub.store.live.size).toBe(1);
  });

  it("refuses new viewers meanwhile", async () => {
    const clock = new ManualClock();
    const bench = await startBench({ clock });
    const first = await connect(bench.server);
    await first.until(isType("hello"));
    const keepAlive = new WebSocket(`ws://127.0.0.1:${bench.server.port}/ws`, ["flockdeck.v1.json"], {
      headers: bearer(WATCH),
    });
    onCleanUp(() => keepAlive.terminate());
    await once(keepAlive, "open");
    const closing = bench.server.close({ drainMs: 1_000 });
    const late = new WebSocket(`ws://127.0.0.1:${bench.server.port}/ws`, ["flockdeck.v1.json"], {
      headers: bearer(WATCH),
    });
    const [error] = await once(late, "error");
    expect(String(error)).toMatch(/ECONNREFUSED|503/);
    let isClosed = false;
    void closing.then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      clock.advance(20);
      await turn();
    }
  });
});
