import { describe, expect, it } from "vitest";
import { streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";
import type { HubRecorder } from "./types.js";

function recordingHub(limits = {}) {
  const told: unknown[] = [];
  const recorder: HubRecorder = {
    event: (event) => told.push([event.type, event.seq]),
    text: (id, offset, text) => told.push([id, offset, text]),
  };
  return { ...testHub({ recorder, limits }), told };
}

describe("the recorder", () => {
  it("is told everything once, in order, whether anybody watches or not", () => {
    const { hub, clock, told } = recordingHub();
    hub.emit(streamStarted("s1"));
    hub.append("s1", "one ");
    const viewer = new TestViewer(hub).attach();
    hub.append("s1", "two");
    clock.advance(100);
    hub.emit(streamEnded("s1"));
    hub.emit(streamEnded("s1"));
    hub.append("s1", "too late");
    hub.append("ghost", "never started");
    clock.advance(100);
    expect(viewer.state.streams.get("s1")?.text.toString()).toBe("one two");
    expect(told).toEqual([
      ["stream_started", 1],
      ["s1", 0, "one "],
      ["s1", 4, "two"],
      ["stream_complete", 2],
    ]);
  });

  it("gets well-formed text, the same that viewers get", () => {
    const { hub, told } = recordingHub();
    hub.emit(streamStarted("s1"));
    hub.append("s1", "snow \ud83c");
    hub.append("s1", "\udf28 ");
    hub.append("s1", "half \ud83c");
    hub.emit(streamEnded("s1"));
    expect(told).toEqual([
      ["stream_started", 1],
      ["s1", 0, "snow "],
      ["s1", 5, "\ud83c\udf28 "],
      ["s1", 8, "half "],
      ["s1", 13, "\ufffd"],
      ["stream_complete", 2],
    ]);
  });

  it("gets what the hub itself does not retain", () => {
    const { hub, told } = recordingHub({ retainedChars: 4 });
    hub.emit(streamStarted("s1"));
    hub.append("s1", "longer than four units");
    expect(told.at(-1)).toEqual(["s1", 0, "longer than four units"]);
  });
});
