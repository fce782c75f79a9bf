import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamEnded, streamStarted, TestViewer, testHub } from "./hub.testing.js";

type Step = readonly ["append" | "end" | "start" | "event", number, number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("append", "append", "append", "append", "end", "start", "event"),
  fc.nat(3),
  fc.nat(30),
);

/** Plays steps on a hub with one viewer; when each stream's chunks came, and how long each text took. */
function play(steps: readonly Step[]) {
  const { hub, clock } = testHub();
  const viewer = new TestViewer(hub).attach();
  const begin = clock.now();
  const arrivals: { at: number; message: (typeof viewer.messages)[number] }[] = [];
  const keep = (): void => {
    for (const message of viewer.take()) arrivals.push({ at: clock.now() - begin, message });
  };
  const open = [0, 0, 0, 0];
  const appended = new Map<string, { at: number; length: number }[]>();
  for (const [what, stream, wait] of steps) {
    const id = `s${stream}.${open[stream]}`;
    const log = appended.get(id) ?? [];
    if (what === "event") hub.emit({ type: "workflow_started", correlation_id: "w", timestamp: 1 });
    else if (what === "end") {
      hub.emit(streamEnded(id));
      if (appended.has(id)) open[stream] = (open[stream] ?? 0) + 1;
    } else {
      if (!appended.has(id)) hub.emit(streamStarted(id));
      appended.set(id, log);
      hub.append(id, "ab");
      log.push({ at: clock.now() - begin, length: (log.at(-1)?.length ?? 0) + 2 });
    }
    for (let ms = 0; ms < wait; ms++) {
      clock.advance(1);
      keep();
    }
  }
  for (let ms = 0; ms < 300; ms++) {
    clock.advance(1);
    keep();
  }
  return { hub, viewer, arrivals, appended };
}

describe("pacing", () => {
  it("flushes no stream more than 20 times a second, its end included, and keeps no text for long", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const { arrivals, appended } = play(steps);
        for (const [id, log] of appended) {
          const chunks = arrivals.flatMap(({ at, message }) =>
            message.type === "stream_chunk" && message.stream_id === id
              ? [{ at, end: message.offset + message.chunk.length }]
              : [],
          );
          // 5 ms of slack towards a shared tick, and 1 ms of this test's own grain.
          for (const [index, chunk] of chunks.entries())
            if (index > 0) expect(chunk.at - (chunks[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(44);
          for (const { at, length } of log) {
            const arrived = chunks.find((chunk) => chunk.end >= length);
            expect(arrived, `text of ${id}`).toBeDefined();
            expect((arrived?.at ?? 0) - at).toBeLessThanOrEqual(150);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("tells events in the order of their seq, whatever waits for text that is not due", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const { arrivals, hub, viewer } = play(steps);
        const seqs = arrivals.flatMap(({ message }) => ("seq" in message && message.seq > 0 ? [message.seq] : []));
        expect(seqs).toEqual(Array.from({ length: hub.store.lastSeq }, (_, index) => index + 1));
        expect(viewer.viewer.lagChars).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it("one slow stream alone is not held back: every token leaves at once", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    hub.emit(streamStarted("s"));
    clock.advance(100);
    viewer.take();
    for (let token = 0; token < 20; token++) {
      hub.append("s", "token");
      clock.advance(1);
      expect(viewer.takeTypes()).toEqual(["stream_chunk"]);
      clock.advance(99);
    }
  });

  it("the end of a stream waits for its text, not longer", () => {
    const { hub, clock } = testHub();
    const viewer = new TestViewer(hub).attach();
    hub.emit(streamStarted("s"));
    hub.append("s", "a");
    clock.advance(5);
    viewer.take();
    hub.append("s", "b\ud83d");
    hub.emit(streamEnded("s"));
    clock.advance(40);
    expect(viewer.take()).toEqual([]);
    clock.advance(10);
    expect(viewer.take()).toMatchObject([
      { type: "stream_chunk", chunk: "b\ufffd" },
      { type: "stream_complete", length: 3 },
    ]);
    hub.emit(streamStarted("quick"));
    clock.advance(60);
    hub.append("quick", "\ud83d");
    hub.emit(streamEnded("quick"));
    clock.advance(60);
    expect(viewer.takeTypes()).toEqual(["stream_started", "stream_chunk", "stream_complete"]);
  });
});
