import { describe, expect, it } from "vitest";
import { hubWithStreams, streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";

describe("hub", () => {
  it("says hello first and nothing else before attach", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub, { role: "control" });
    hub.emit(streamStarted("s"));
    clock.advance(100);
    expect(viewer.take()).toEqual([
      {
        type: "hello",
        protocol: 1,
        server: "test",
        epoch: "epoch-1",
        runtime_mode: "test",
        role: "control",
        limits: { retained_chars: 102_400, flush_interval_ms: 50, max_frame_bytes: 65_536 },
        agents: [],
        artifact_types: {},
      },
    ]);
  });

  it("streams text to viewers in step, and ends it with the whole text", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    expect(viewer.takeTypes()).toEqual(["hello", "sync_complete"]);
    hub.emit(streamStarted("s"));
    hub.append("s", "Hello ");
    clock.advance(5);
    hub.append("s", "world");
    clock.advance(100);
    hub.emit(streamEnded("s"));
    clock.advance(100);
    expect(viewer.take()).toMatchObject([
      { type: "stream_started", seq: 1 },
      { type: "stream_chunk", chunk: "Hello ", offset: 0 },
      { type: "stream_chunk", chunk: "world", offset: 6 },
      { type: "stream_complete", seq: 2, length: 11, full_content: "Hello world" },
    ]);
  });

  it("gives every event the next seq, and sends them in that order", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    viewer.take();
    for (let index = 0; index < 50; index++)
      hub.emit({ type: "workflow_started", correlation_id: `w${index}`, timestamp: 1 });
    clock.advance(100);
    expect(viewer.take().map((message) => ("seq" in message ? message.seq : 0))).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  it.each([
    ["text for a stream that never started", (hub: ReturnType<typeof testHub>["hub"]) => hub.append("ghost", "boo")],
    ["the end of a stream that never started", (hub) => hub.emit(streamEnded("ghost"))],
  ] as [string, (hub: ReturnType<typeof testHub>["hub"]) => void][])("drops %s", (_name, act) => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    viewer.take();
    act(hub);
    clock.advance(100);
    expect(viewer.take()).toEqual([]);
  });

  it("drops what comes for a stream after its end", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    viewer.take();
    hub.emit(streamStarted("s"));
    hub.emit(streamEnded("s", "failed"));
    hub.append("s", "late");
    expect(hub.emit(streamEnded("s"))).toBeNull();
    expect(hub.emit(streamStarted("s"))).toBeNull();
    clock.advance(100);
    expect(viewer.take()).toMatchObject([
      { type: "stream_started" },
      { type: "stream_complete", status: "failed", length: 0 },
    ]);
  });

  it("puts two halves of a surrogate pair into one chunk", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    hub.emit(streamStarted("s"));
    hub.append("s", "a\ud83d");
    clock.advance(100);
    hub.append("s", "\ude00b");
    clock.advance(100);
    const chunks = viewer.take().flatMap((message) => (message.type === "stream_chunk" ? [message.chunk] : []));
    expect(chunks).toEqual(["a", "😀b"]);
  });

  it("shows every carrier the payload that JSON in UTF-8 can carry", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    viewer.take();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const artifact = { type: "T", produced_by: "a", correlation_id: "w", tags: [], visibility: "public", version: 1 };
    const halves = { "\ud83d": ["a\ud83d", "\ude00b", "\ud83d\ude00", "\\ud83d", "\\\ud83d\ud83d"] };
    const payloads = [{ when: new Date(0), gone: undefined }, circular, { big: 1n }, { plain: [1, null, "x"] }, halves];
    for (const [index, payload] of payloads.entries())
      hub.emit({ type: "artifact_published", artifact: { ...artifact, id: `a${index}`, created_at: 1, payload } });
    clock.advance(100);
    const shown = viewer.take().map((message) => message.type === "artifact_published" && message.artifact.payload);
    const unwritable = { error: "This payload cannot be written as JSON" };
    expect(shown).toEqual([
      { when: "1970-01-01T00:00:00.000Z" },
      unwritable,
      unwritable,
      { plain: [1, null, "x"] },
      { "\ufffd": ["a\ufffd", "\ufffdb", "\ud83d\ude00", "\\ud83d", "\\\ufffd\ufffd"] },
    ]);
  });
});

describe("one encoding a flush and codec", () => {
  it("however many viewers are in step", () => {
    const { hub, clock, ids } = hubWithStreams(100);
    const viewers = ["json", "msgpack"].flatMap((encoderId) =>
      Array.from({ length: 20 }, () => new TestViewer(hub, { encoderId }).attach()),
    );
    const flushesBefore = hub.counters.flushes;
    for (let round = 0; round < 50; round++) {
      for (const id of ids) hub.append(id, "token ");
      clock.advance(20);
    }
    clock.advance(100);
    const flushes = hub.counters.flushes - flushesBefore;
    expect(flushes).toBeLessThanOrEqual(23);
    expect(hub.counters.liveEncodes).toEqual({ json: flushes, msgpack: flushes });
    for (const viewer of viewers) expect(viewer.text("s99")).toBe("token ".repeat(50));
  });

  it("is shared by viewers with the same focus", () => {
    const { hub, clock } = hubWithStreams(3);
    for (const streams of [["s0", "s1"], ["s1", "s0"], ["s2"]]) {
      const viewer = new TestViewer(hub).attach();
      viewer.viewer.receive({ type: "focus", streams });
    }
    for (const id of ["s0", "s1", "s2"]) hub.append(id, "x");
    clock.advance(5);
    expect(hub.counters.liveEncodes).toEqual({ whole: 2 });
  });
});
