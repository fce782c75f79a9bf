import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";
import { RETAINED_UNITS } from "./limits.js";

const LONG = "x".repeat(RETAINED_UNITS);

/** A hub with a stream `done` (seq 1, 2: "finished"), and one `open` (seq 3) that holds "still going". */
function playedHub() {
  const made = testHub();
  const { hub, clock } = made;
  hub.emit(streamStarted("done"));
  hub.append("done", "finished");
  hub.emit(streamEnded("done"));
  hub.emit(streamStarted("open"));
  hub.append("open", "still going");
  clock.advance(200);
  return made;
}

describe("replay after attach", () => {
  it("without since_seq rebuilds the state: streams are started before their text, text comes before the end", () => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach();
    expect(viewer.take().slice(1)).toMatchObject([
      { type: "stream_started", stream_id: "done", seq: 1 },
      { type: "stream_chunk", stream_id: "done", chunk: "finished", offset: 0 },
      { type: "stream_complete", stream_id: "done", seq: 2, length: 8, full_content: "finished" },
      { type: "stream_started", stream_id: "open", seq: 3 },
      { type: "stream_chunk", stream_id: "open", chunk: "still going", offset: 0 },
      { type: "sync_complete", seq: 3 },
    ]);
  });

  it("in the same epoch gives the events after since_seq, in order, and the missing units only", () => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 1, cursors: { done: 3, open: 0 } });
    expect(viewer.take().slice(1)).toMatchObject([
      { type: "stream_chunk", stream_id: "done", chunk: "ished", offset: 3 },
      { type: "stream_complete", stream_id: "done", seq: 2 },
      { type: "stream_started", stream_id: "open", seq: 3 },
      { type: "stream_chunk", stream_id: "open", chunk: "still going", offset: 0 },
      { type: "sync_complete", seq: 3 },
    ]);
  });

  it("takes positions without an epoch for this one's", () => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach({ since_seq: 2, cursors: { open: 6 } });
    expect(viewer.take().slice(1)).toMatchObject([
      { type: "stream_started", stream_id: "open", seq: 3 },
      { type: "stream_chunk", stream_id: "open", chunk: "going", offset: 6 },
      { type: "sync_complete", seq: 3 },
    ]);
  });

  it("sends nothing but sync_complete to a viewer that lacks nothing", () => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 3, cursors: { open: 11 } });
    expect(viewer.takeTypes()).toEqual(["hello", "sync_complete"]);
  });

  it("gives a stream without a cursor from its beginning, though its start is not told again", () => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 3 });
    expect(viewer.take().slice(1)).toMatchObject([
      { type: "stream_chunk", stream_id: "open", chunk: "still going", offset: 0 },
      { type: "sync_complete" },
    ]);
  });

  it.each([
    ["another epoch", { epoch: "epoch-0", since_seq: 3, cursors: { open: 11, done: 8 } }],
    ["no epoch and no since_seq", {}],
    ["no epoch and a since_seq that was never given", { since_seq: 99 }],
    ["a since_seq that was never given", { epoch: "epoch-1", since_seq: 99 }],
  ])("rebuilds everything for %s", (_name, fields) => {
    const { hub } = playedHub();
    const viewer = new TestViewer(hub).attach(fields);
    expect(viewer.takeTypes()).toEqual([
      "hello",
      "stream_started",
      "stream_chunk",
      "stream_complete",
      "stream_started",
      "stream_chunk",
      "sync_complete",
    ]);
  });

  it("rebuilds the state when the events after since_seq are gone, and keeps valid cursors", () => {
    const { hub, clock } = testHub({ limits: { maxEvents: 2 } });
    hub.emit(streamStarted("a"));
    hub.append("a", "abcdef");
    clock.advance(100);
    for (const id of ["w1", "w2", "w3"]) hub.emit({ type: "workflow_started", correlation_id: id, timestamp: 1 });
    clock.advance(100);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 1, cursors: { a: 4 } });
    expect(viewer.take().slice(1)).toMatchObject([
      { type: "stream_started", seq: 1 },
      { type: "workflow_started", seq: 2 },
      { type: "workflow_started", seq: 3 },
      { type: "workflow_started", seq: 4 },
      { type: "stream_chunk", chunk: "ef", offset: 4 },
      { type: "sync_complete", seq: 4 },
    ]);
  });

  it.each([
    ["no cursor", {}],
    ["a cursor before the retained text", { s: 50 }],
    ["a cursor beyond the text", { s: RETAINED_UNITS + 5_000 }],
  ])("resets a stream whose beginning is gone, given %s", (_name, cursors) => {
    const { hub, clock } = testHub();
    hub.emit(streamStarted("s"));
    hub.append("s", "a".repeat(100));
    clock.advance(100);
    hub.append("s", LONG);
    clock.advance(100);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 1, cursors });
    expect(viewer.take().slice(1)).toEqual([
      { type: "stream_reset", stream_id: "s", agent_name: "writer", offset: 100, content: LONG, reason: "attached" },
      { type: "sync_complete", seq: 1 },
    ]);
  });

  it("gives a cursor inside the retained text a chunk, up to the very edge", () => {
    const { hub, clock } = testHub();
    hub.emit(streamStarted("s"));
    hub.append("s", "a".repeat(100));
    hub.append("s", LONG);
    clock.advance(100);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 1, cursors: { s: 100 } });
    expect(viewer.take()[1]).toMatchObject({ type: "stream_chunk", offset: 100, chunk: LONG });
  });

  it("resets rather than begin a chunk with half a surrogate pair", () => {
    const { hub, clock } = testHub();
    hub.emit(streamStarted("s"));
    hub.append("s", "ab😀cd");
    clock.advance(100);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", since_seq: 1, cursors: { s: 3 } });
    expect(viewer.take()[1]).toMatchObject({ type: "stream_reset", offset: 0, content: "ab😀cd" });
  });

  it("tells what was emitted but not flushed yet before sync_complete", () => {
    const { hub } = testHub();
    hub.emit({ type: "workflow_started", correlation_id: "w", timestamp: 1 });
    const viewer = new TestViewer(hub).attach();
    expect(viewer.takeTypes()).toEqual(["hello", "workflow_started", "sync_complete"]);
  });

  it("delivers text appended during the replay once", () => {
    const { hub, clock } = playedHub();
    const viewer = new TestViewer(hub);
    viewer.bufferedBytes = 2 ** 21;
    viewer.attach();
    hub.append("open", ", more");
    clock.advance(100);
    viewer.bufferedBytes = 0;
    hub.append("open", ", and more");
    viewer.viewer.drained();
    hub.append("open", ".");
    clock.advance(100);
    expect(viewer.text("open")).toBe("still going, more, and more.");
    const chunks = viewer.take().filter((message) => message.type === "stream_chunk" && message.stream_id === "open");
    expect(chunks).toMatchObject([{ chunk: "still going, more" }, { chunk: ", and more." }]);
  });

  it("may be asked for again on the same connection, but not at will", () => {
    const { hub, clock } = playedHub();
    const viewer = new TestViewer(hub).attach();
    viewer.take();
    clock.advance(1_000);
    viewer.attach({ epoch: "epoch-1", since_seq: 3, cursors: { open: 6 } });
    expect(viewer.take()).toMatchObject([
      { type: "stream_chunk", offset: 6, chunk: "going" },
      { type: "sync_complete" },
    ]);
    hub.append("open", "!");
    clock.advance(100);
    expect(viewer.take()).toMatchObject([{ type: "stream_chunk", offset: 11, chunk: "!" }]);
    viewer.attach({ epoch: "epoch-1", since_seq: 3, cursors: { open: 12 } });
    viewer.attach({ epoch: "epoch-1", since_seq: 3, cursors: { open: 9 } });
    hub.append("open", "?");
    clock.advance(899);
    viewer.viewer.drained();
    expect(viewer.take()).toEqual([]);
    clock.advance(1);
    expect(viewer.take()).toMatchObject([
      { type: "stream_chunk", offset: 9, chunk: "ng!?" },
      { type: "sync_complete" },
    ]);
  });

  it("asked for again gives what was not flushed yet once, in the replay", () => {
    const { hub, clock } = playedHub();
    const viewer = new TestViewer(hub).attach();
    clock.advance(1_000);
    viewer.take();
    hub.append("open", "!");
    hub.emit(streamEnded("open"));
    viewer.attach({ epoch: "epoch-1", since_seq: 3, cursors: { open: 11 } });
    clock.advance(100);
    expect(viewer.takeTypes()).toEqual(["stream_chunk", "stream_complete", "sync_complete"]);
  });
});

describe("any cursor", () => {
  const offset = fc.oneof(fc.nat(60), fc.constantFrom(0, 1e9));

  it("leads to the text, and is answered with a chunk exactly there or with a reset", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { maxLength: 8 }),
        fc.option(offset),
        fc.option(fc.nat(3)),
        fc.boolean(),
        fc.constantFrom(16, 1_000),
        (pieces, cursor, since, ended, retainedChars) => {
          const { hub, clock } = testHub({ limits: { retainedChars } });
          hub.emit(streamStarted("s"));
          for (const piece of pieces) hub.append("s", piece);
          if (ended) hub.emit(streamEnded("s"));
          clock.advance(100);
          const whole = pieces.join("");
          const viewer = new TestViewer(hub).attach({
            epoch: "epoch-1",
            ...(cursor === null ? {} : { cursors: { s: cursor } }),
            ...(since === null ? {} : { since_seq: since }),
          });
          const texts = viewer
            .take()
            .filter((message) => message.type === "stream_chunk" || message.type === "stream_reset");
          expect(texts.length).toBeLessThanOrEqual(1);
          for (const message of texts) {
            if (message.type === "stream_chunk") {
              expect(message.offset).toBe(cursor ?? 0);
              expect(message.chunk).toBe(whole.slice(message.offset));
            } else expect(message.content).toBe(whole.slice(message.offset));
          }
          const told = ended && since === 2;
          if (texts.length === 0 && !told) expect(cursor ?? 0).toBe(whole.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("full_content", () => {
  it.each([
    ["json", { omit: false }, {}, true],
    ["msgpack that received every unit", { omit: true }, {}, false],
    ["msgpack that came with a cursor", { omit: true }, { epoch: "epoch-1", since_seq: 1, cursors: { s: 2 } }, true],
  ])("%s", (_name, options, fields, present) => {
    const { hub, clock } = testHub();
    hub.emit(streamStarted("s"));
    hub.append("s", "hello");
    clock.advance(100);
    const viewer = new TestViewer(hub, options).attach(fields);
    hub.append("s", " world");
    hub.emit(streamEnded("s"));
    clock.advance(100);
    const end = viewer.take().find((message) => message.type === "stream_complete");
    expect(end).toMatchObject({ length: 11 });
    expect(end !== undefined && "full_content" in end).toBe(present);
  });

  it("is the retained tail when the beginning is gone, and then msgpack gets it too", () => {
    const { hub, clock } = testHub({ limits: { retainedChars: 10 } });
    const viewer = new TestViewer(hub, { omit: true }).attach();
    hub.emit(streamStarted("s"));
    hub.append("s", "0123456789abcdef");
    hub.emit(streamEnded("s"));
    clock.advance(100);
    expect(viewer.take().slice(2)).toMatchObject([
      { type: "stream_started" },
      { type: "stream_reset", offset: 6, content: "6789abcdef", reason: "lagged" },
      { type: "stream_complete", length: 16, full_content: "6789abcdef" },
    ]);
  });

  it("shares one frame among those that may omit it, and one among those that may not", () => {
    const { hub, clock } = testHub();
    hub.emit(streamStarted("s"));
    hub.append("s", "hello");
    clock.advance(100);
    const whole = [0, 1, 2].map(() => new TestViewer(hub, { omit: true, encoderId: "m" }).attach());
    const partial = [0, 1].map(() =>
      new TestViewer(hub, { omit: true, encoderId: "m" }).attach({ epoch: "epoch-1", since_seq: 1, cursors: { s: 5 } }),
    );
    const before = hub.counters.liveEncodes.m ?? 0;
    hub.emit(streamEnded("s"));
    clock.advance(100);
    expect((hub.counters.liveEncodes.m ?? 0) - before).toBe(2);
    for (const viewer of whole) expect(viewer.take().at(-1)).not.toHaveProperty("full_content");
    for (const viewer of partial) expect(viewer.take().at(-1)).toHaveProperty("full_content", "hello");
  });
});

describe("streams that left the relay's memory", () => {
  const fiveMinutes = 5 * 60_000;

  it("leave 5 minutes after they completed, not before", () => {
    const { hub, clock } = playedHub();
    clock.advance(fiveMinutes - 201);
    expect(hub.store.streams.has("done")).toBe(true);
    clock.advance(1);
    expect(hub.store.streams.has("done")).toBe(false);
    expect(hub.store.streams.has("open")).toBe(true);
    expect(hub.counters.streamsEvicted).toBe(1);
  });

  it("are not part of the rebuilt state", () => {
    const { hub, clock } = playedHub();
    clock.advance(fiveMinutes);
    const viewer = new TestViewer(hub).attach();
    expect(viewer.takeTypes()).toEqual(["hello", "stream_started", "stream_chunk", "sync_complete"]);
  });

  it.each([
    ["by their events", { since_seq: 1 }],
    ["by the rebuilt state", {}],
  ])("end for a viewer that was in the middle of one: %s, with the loss told", (_name, fields) => {
    const { hub, clock } = playedHub();
    clock.advance(fiveMinutes);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", cursors: { done: 3 }, ...fields });
    const ofDone = viewer.take().filter((message) => "stream_id" in message && message.stream_id === "done");
    expect(ofDone).toMatchObject([
      { type: "stream_reset", offset: 8, content: "", reason: "truncated" },
      { type: "stream_complete", status: "completed", length: 8, full_content: "" },
    ]);
  });

  it("end in their place for a viewer that was held back until the events were gone, too", () => {
    const { hub, clock } = testHub({ limits: { maxEvents: 3 } });
    const viewer = new TestViewer(hub).attach();
    hub.emit(streamStarted("s"));
    hub.append("s", "abc");
    clock.advance(100);
    viewer.take();
    viewer.bufferedBytes = 2 ** 21;
    hub.emit(streamEnded("s"));
    const workflow = { correlation_id: "w1", timestamp: 1 };
    hub.emit({ type: "workflow_started", ...workflow });
    for (let run = 0; run < 5; run++)
      hub.emit({ type: "workflow_finished", ...workflow, status: "completed", duration: 1 });
    clock.advance(fiveMinutes);
    viewer.bufferedBytes = 0;
    viewer.viewer.drained();
    expect(viewer.take().slice(0, 2)).toMatchObject([
      { type: "stream_complete", seq: 2, status: "completed", length: 3 },
      { type: "workflow_started", seq: 3 },
    ]);
    expect(new TestViewer(hub).attach().takeTypes()).not.toContain("stream_complete");
  });

  it("are not told to a viewer that was held back before it was told their start", () => {
    const { hub, clock } = testHub({ limits: { maxEvents: 1 } });
    const viewer = new TestViewer(hub).attach();
    hub.emit(streamStarted("s"));
    hub.append("s", "abc");
    viewer.viewer.receive({ type: "focus", streams: [] });
    viewer.bufferedBytes = 2 ** 21;
    clock.advance(100);
    hub.emit(streamEnded("s"));
    clock.advance(fiveMinutes);
    viewer.bufferedBytes = 0;
    viewer.viewer.drained();
    expect(viewer.takeTypes()).toEqual(["hello", "sync_complete"]);
  });

  it("end without loss for a viewer that had every unit", () => {
    const { hub, clock } = playedHub();
    clock.advance(fiveMinutes);
    const viewer = new TestViewer(hub).attach({ epoch: "epoch-1", cursors: { done: 8 }, since_seq: 1 });
    const ofDone = viewer.take().filter((message) => "stream_id" in message && message.stream_id === "done");
    expect(ofDone).toMatchObject([{ type: "stream_complete", length: 8 }]);
  });
});
