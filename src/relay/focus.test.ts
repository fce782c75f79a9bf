import { describe, expect, it } from "vitest";
import { hubWithStreams, streamEnded, streamStarted, TestViewer } from "./hub.testing.js";

describe("focus", () => {
  it("gives full text for these and progress for the others", () => {
    const { hub, clock } = hubWithStreams(2);
    const viewer = new TestViewer(hub).attach();
    viewer.viewer.receive({ type: "focus", streams: ["s0"] });
    viewer.take();
    hub.append("s0", "seen");
    hub.append("s1", "unseen");
    clock.advance(5);
    expect(viewer.take()).toMatchObject([
      { type: "stream_chunk", stream_id: "s0", chunk: "seen" },
      { type: "stream_progress", stream_id: "s1", length: 6 },
    ]);
  });

  it("tells the last progress even when nothing more comes", () => {
    const { hub, clock } = hubWithStreams(1);
    const viewer = new TestViewer(hub).attach();
    viewer.viewer.receive({ type: "focus", streams: [] });
    viewer.take();
    hub.append("s0", "one");
    clock.advance(60);
    hub.append("s0", "two");
    clock.advance(300);
    expect(viewer.take()).toMatchObject([{ length: 3 }, { length: 6 }]);
    clock.advance(1_000);
    expect(viewer.take()).toEqual([]);
  });

  it("that comes back gets the text in between, once", () => {
    const { hub, clock } = hubWithStreams(1);
    const viewer = new TestViewer(hub).attach();
    hub.append("s0", "one ");
    clock.advance(60);
    viewer.viewer.receive({ type: "focus", streams: [] });
    hub.append("s0", "two ");
    clock.advance(60);
    viewer.viewer.receive({ type: "focus", streams: ["s0"] });
    hub.append("s0", "three");
    clock.advance(60);
    expect(viewer.text("s0")).toBe("one two three");
  });

  it("that comes back after the text has gone gets a reset", () => {
    const { hub, clock } = hubWithStreams(1, { limits: { retainedChars: 4 } });
    const viewer = new TestViewer(hub).attach();
    viewer.viewer.receive({ type: "focus", streams: [] });
    hub.append("s0", "0123");
    clock.advance(60);
    hub.append("s0", "456");
    clock.advance(60);
    viewer.take();
    viewer.viewer.receive({ type: "focus", streams: null });
    expect(viewer.take()).toMatchObject([{ type: "stream_reset", offset: 3, content: "3456", reason: "lagged" }]);
  });

  it("leaves nothing out in the end: full_content comes on every codec", () => {
    const { hub, clock } = hubWithStreams(1);
    const viewer = new TestViewer(hub, { omit: true }).attach();
    viewer.viewer.receive({ type: "focus", streams: [] });
    hub.append("s0", "unseen");
    hub.emit(streamStarted("s9"));
    hub.append("s9", "also unseen");
    hub.emit(streamEnded("s0"));
    hub.emit(streamEnded("s9"));
    clock.advance(60);
    expect(viewer.text("s0")).toBe("unseen");
    expect(viewer.text("s9")).toBe("also unseen");
  });

  it("on a stream that started out of focus gets it from its beginning", () => {
    const { hub, clock } = hubWithStreams(0);
    const viewer = new TestViewer(hub).attach();
    viewer.viewer.receive({ type: "focus", streams: [] });
    hub.emit(streamStarted("late"));
    hub.append("late", "from the beginning");
    clock.advance(60);
    viewer.viewer.receive({ type: "focus", streams: ["late"] });
    expect(viewer.text("late")).toBe("from the beginning");
  });
});
