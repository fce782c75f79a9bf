import { describe, expect, it, vi } from "vitest";
import { hubWithStreams, streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";
import type { Viewer, ViewerSink } from "./types.js";

const TOO_FULL = 1024 * 1024 + 1;

/** Forty ended streams and artifacts of 100,000 units each, and viewers that come back to them, told in lines of JSON. */
function longHistory() {
  const { hub, clock } = testHub();
  const text = "0123456789".repeat(10_000);
  const cursors: Record<string, number> = {};
  for (let index = 0; index < 40; index++) {
    hub.emit(streamStarted(`s${index}`));
    hub.append(`s${index}`, text);
    hub.emit(streamEnded(`s${index}`));
    cursors[`s${index}`] = text.length;
    const artifact = { id: `a${index}`, type: "T", payload: { text }, produced_by: "writer", correlation_id: "w1" };
    const rest = { tags: [], visibility: "public", version: 1, created_at: 1 };
    hub.emit({ type: "artifact_published", artifact: { ...artifact, ...rest } });
  }
  clock.advance(100);
  function attach(carrier: Pick<ViewerSink<string>, "send" | "bufferedBytes">): Viewer {
    const sink: ViewerSink<string> = {
      encoder: {
        id: "lines",
        mayOmitFullContent: false,
        encode: (messages) => messages.map((one) => JSON.stringify(one)),
      },
      send: carrier.send,
      get bufferedBytes() {
        return carrier.bufferedBytes;
      },
      close: () => {},
    };
    const viewer = hub.addViewer(sink, { role: "watch", carrier: "test" });
    viewer.receive({ type: "attach", epoch: "epoch-1", cursors });
    return viewer;
  }
  return { hub, attach };
}

describe("a slow viewer", () => {
  it("is held back, then gets one larger chunk, while the others are served", () => {
    const { hub, clock } = hubWithStreams(1);
    const slow = new TestViewer(hub).attach();
    const quick = new TestViewer(hub).attach();
    for (const viewer of [slow, quick]) viewer.take();
    slow.bufferedBytes = TOO_FULL;
    for (const part of ["a", "b", "c"]) {
      hub.append("s0", part);
      clock.advance(60);
    }
    expect(slow.take()).toEqual([]);
    expect(slow.viewer.lagChars).toBe(3);
    expect(quick.takeTypes()).toEqual(["stream_chunk", "stream_chunk", "stream_chunk"]);
    slow.bufferedBytes = TOO_FULL - 1;
    slow.viewer.drained();
    expect(slow.take()).toMatchObject([{ type: "stream_chunk", chunk: "abc", offset: 0 }]);
    expect(slow.viewer.lagChars).toBe(0);
    hub.append("s0", "d");
    clock.advance(60);
    expect(slow.take()).toMatchObject([{ type: "stream_chunk", chunk: "d", offset: 3 }]);
  });

  it("is looked at before much more than the bound is handed over, also where retained texts and payloads come", async () => {
    const { hub, attach } = longHistory();
    let held = 0;
    let sent = "";
    const viewer = attach({
      send: (line) => {
        held += line.length;
        sent = line;
      },
      get bufferedBytes() {
        return held;
      },
    });
    let most = 0;
    await vi.waitFor(() => {
      most = Math.max(most, held);
      if (held > TOO_FULL) held = 0;
      viewer.drained();
      expect(sent).toContain("sync_complete");
    });
    expect(most).toBeLessThan(1.5 * 1024 * 1024);
    hub.shutdown();
  });

  it("gets a reset when it fell behind what is retained", () => {
    const { hub, clock } = hubWithStreams(1, { limits: { retainedChars: 10 } });
    const slow = new TestViewer(hub).attach();
    hub.append("s0", "0123");
    clock.advance(60);
    slow.take();
    slow.bufferedBytes = TOO_FULL;
    hub.append("s0", "456789");
    clock.advance(60);
    hub.append("s0", "abcdef");
    clock.advance(60);
    slow.bufferedBytes = 0;
    slow.viewer.drained();
    expect(slow.take()).toEqual([
      {
        type: "stream_reset",
        stream_id: "s0",
        agent_name: "writer",
        offset: 6,
        content: "6789abcdef",
        reason: "lagged",
      },
    ]);
  });

  it("gets each stream's missing text before the end that it missed, and events in order", () => {
    const { hub, clock } = hubWithStreams(2);
    const slow = new TestViewer(hub).attach();
    hub.append("s0", "one ");
    hub.append("s1", "uno ");
    clock.advance(60);
    slow.take();
    slow.bufferedBytes = TOO_FULL;
    hub.append("s0", "two");
    hub.append("s1", "due");
    clock.advance(60);
    hub.emit(streamEnded("s1"));
    hub.emit(streamStarted("s9"));
    hub.append("s9", "new");
    clock.advance(60);
    slow.bufferedBytes = 0;
    slow.viewer.drained();
    expect(slow.take()).toMatchObject([
      { type: "stream_chunk", stream_id: "s1", chunk: "due", offset: 4 },
      { type: "stream_complete", stream_id: "s1", full_content: "uno due" },
      { type: "stream_started", stream_id: "s9" },
      { type: "stream_chunk", stream_id: "s0", chunk: "two", offset: 4 },
      { type: "stream_chunk", stream_id: "s9", chunk: "new", offset: 0 },
    ]);
  });

  it("is served without being drained, once a flush finds it ready", () => {
    const { hub, clock } = hubWithStreams(1);
    const slow = new TestViewer(hub).attach();
    slow.bufferedBytes = TOO_FULL;
    hub.append("s0", "a");
    clock.advance(60);
    slow.bufferedBytes = 0;
    hub.append("s0", "b");
    clock.advance(60);
    expect(slow.text("s0")).toBe("ab");
  });

  it("still gets the events that are no longer kept, as the state they add up to", () => {
    const { hub, clock } = testHub({ limits: { maxEvents: 2 } });
    const slow = new TestViewer(hub).attach();
    slow.take();
    slow.bufferedBytes = TOO_FULL;
    for (const id of ["a", "b", "c"]) {
      hub.emit(streamStarted(id));
      hub.append(id, id);
      clock.advance(60);
    }
    hub.emit(streamEnded("a"));
    clock.advance(60);
    slow.bufferedBytes = 0;
    slow.viewer.drained();
    expect(slow.take().map((message) => ("seq" in message ? message.seq : message.type))).toEqual([
      1,
      2,
      3,
      "stream_chunk",
      4,
      "stream_chunk",
      "stream_chunk",
    ]);
    expect(["a", "b", "c"].map((id) => slow.text(id))).toEqual(["a", "b", "c"]);
  });

  it("that breaks is closed, and harms no other", () => {
    const { hub, clock } = hubWithStreams(1);
    const broken = new TestViewer(hub).attach();
    const sound = new TestViewer(hub).attach();
    Object.defineProperty(broken.messages, "push", {
      value: () => {
        throw new Error("broken pipe");
      },
    });
    hub.append("s0", "text");
    clock.advance(60);
    expect(broken.closed).toMatchObject({ code: 1011 });
    expect(sound.text("s0")).toBe("text");
    expect(hub.viewers).toHaveLength(1);
  });
});

describe("a long replay", () => {
  it("comes in parts, one a turn, also to a viewer that takes all at once", async () => {
    const { attach } = longHistory();
    const parts: number[] = [];
    let sent = "";
    const ready = {
      send: (line: string) => {
        parts.push(line.length);
        sent = line;
      },
      bufferedBytes: 0,
    };
    attach(ready);
    attach(ready);
    const first = parts.reduce((sum, length) => sum + length, 0);
    expect(first).toBeLessThan(2 * 0.5 * 1024 * 1024);
    await vi.waitFor(() => expect(sent).toContain("sync_complete"));
  });

  it("is finished before the hub closes, as far as the viewer takes it", () => {
    const { hub, attach } = longHistory();
    const sent: string[] = [];
    attach({ send: (line) => sent.push(line), bufferedBytes: 0 });
    expect(sent.at(-1)).not.toContain("sync_complete");
    hub.shutdown();
    expect(sent.at(-1)).toContain("sync_complete");
  });
});

describe("acknowledgements", () => {
  function viewerWith(acks: boolean) {
    const made = hubWithStreams(12);
    const viewer = new TestViewer(made.hub).attach({ acks });
    viewer.take();
    const fill = (units: number) => {
      for (let left = units, index = 0; left > 0; left -= 100_000, index++)
        made.hub.append(`s${index}`, "x".repeat(Math.min(left, 100_000)));
      made.clock.advance(60);
    };
    const received = () =>
      viewer.take().reduce((sum, message) => sum + (message.type === "stream_chunk" ? message.chunk.length : 0), 0);
    return { ...made, viewer, fill, received };
  }

  it("hold back a viewer only beyond 1,000,000 units", () => {
    const { viewer, fill, received, hub, clock } = viewerWith(true);
    fill(1_000_000);
    hub.append("s11", "y");
    clock.advance(60);
    expect(received()).toBe(1_000_001);
    hub.append("s11", "z");
    clock.advance(60);
    expect(received()).toBe(0);
    viewer.viewer.receive({ type: "ack", chars: 1 });
    expect(received()).toBe(1);
  });

  it("are not waited for unless asked", () => {
    const { fill, received } = viewerWith(false);
    fill(1_200_000);
    expect(received()).toBe(1_200_000);
  });

  it("that never come close the viewer with 4408 after a minute; it may attach again", () => {
    const { viewer, fill, hub, clock, received } = viewerWith(true);
    fill(1_100_000);
    received();
    hub.append("s11", "y");
    clock.advance(59_999);
    expect(viewer.closed).toBeNull();
    clock.advance(60);
    expect(viewer.closed).toMatchObject({ code: 4408 });
  });

  it("that claim too much are worth no more than what was sent", () => {
    const { viewer, fill, received } = viewerWith(true);
    fill(10);
    viewer.viewer.receive({ type: "ack", chars: 5_000_000 });
    fill(1_100_000);
    fill(1);
    expect(received()).toBe(1_100_010);
  });
});
