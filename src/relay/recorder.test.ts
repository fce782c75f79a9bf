import { describe, expect, it } from "vitest";
import { streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";
import type { HubRecorder } from "./types.js";

function recordingHub(limits = {}) {
  const told: (string | number)[][] = [];
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
    clock.advance(100);
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
    const { hub, clock, told } = recordingHub();
    hub.emit(streamStarted("s1"));
    hub.append("s1", "snow \ud83c");
    clock.advance(100);
    hub.append("s1", "\udf28 half \ud83c");
    clock.advance(100);
    hub.emit(streamEnded("s1"));
    expect(told).toEqual([
      ["stream_started", 1],
      ["s1", 0, "snow "],
      ["s1", 5, "\ud83c\udf28 half "],
      ["s1", 13, "\ufffd"],
      ["stream_complete", 2],
    ]);
  });

  it.each([
    ["at once", ["longer than the log of eight units \u{1f428}\u{1f428}\u{1f428}"]],
    ["between two flushes", ["longer", " than ", "the log", " of eight", " units \ud83d", "\udc28"]],
  ])("gets what the hub itself does not retain, come %s", (_case, pieces) => {
    const { hub, told } = recordingHub({ retainedChars: 8 });
    hub.emit(streamStarted("s1"));
    for (const piece of pieces) hub.append("s1", piece);
    hub.emit(streamEnded("s1"));
    let text = "";
    for (const [id, offset, piece] of told.filter(([what]) => what === "s1")) {
      expect([id, offset]).toEqual(["s1", text.length]);
      text += piece;
    }
    expect(text).toBe(pieces.join(""));
  });
});
