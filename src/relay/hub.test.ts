import { describe, expect, it } from "vitest";
import { streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";

describe("hub", () => {
  it("says hello first and nothing else before attach", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub);
    hub.emit(streamStarted("s"));
    clock.advance(100);
    expect(viewer.takeTypes()).toEqual(["hello"]);
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
});
