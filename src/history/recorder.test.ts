import { describe, expect, it } from "vitest";
import type { SequencedMessage } from "../protocol/index.js";
import { FakeClock } from "../relay/fake-clock.testing.js";
import { unpackBatch } from "./batch.js";
import type { Entry, HistoryWriter, SessionFacts } from "./entry.js";
import { HistoryRecorder, MAX_WAITING_UNITS, SLICE_MS, WRITE_INTERVAL_MS } from "./recorder.js";

const FACTS: SessionFacts = {
  epoch: "epoch-1",
  flock: "Newsroom",
  path: null,
  started_at: 1,
  ended_at: null,
  pid: 7,
  hello: "{}",
};

/** A disk that takes as long as the test wants. */
class SlowWriter implements HistoryWriter {
  readonly told: Partial<SessionFacts>[] = [];
  readonly batches: Entry[][] = [];
  isClosed = false;
  fault: Error | null = null;
  onWrite: () => void = () => {};
  #held: (() => void)[] = [];
  holds = false;

  async tell(facts: Partial<SessionFacts>): Promise<void> {
    this.told.push(facts);
  }

  async write(batch: Uint8Array): Promise<void> {
    this.batches.push([...unpackBatch(batch)]);
    this.onWrite();
    if (this.fault !== null) throw this.fault;
    if (this.holds) await new Promise<void>((resolve) => this.#held.push(resolve));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  release(): void {
    this.holds = false;
    for (const resolve of this.#held.splice(0)) resolve();
  }
}

function workflow(seq: number): SequencedMessage {
  return { type: "workflow_started", seq, correlation_id: `w${seq}`, timestamp: seq };
}

function setUp() {
  const clock = new FakeClock();
  const writer = new SlowWriter();
  const faults: Error[] = [];
  const recorder = new HistoryRecorder({ writer, clock, facts: () => FACTS, onFault: (fault) => faults.push(fault) });
  return { clock, writer, faults, recorder, start: clock.now() };
}

/** Everything that waits on promises which are settled already. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("HistoryRecorder", () => {
  it("writes nothing where nothing happens", async () => {
    const { clock, writer, recorder } = setUp();
    clock.advance(60_000);
    await recorder.close();
    expect(writer).toMatchObject({ told: [], batches: [], isClosed: true });
  });

  it("writes what has come within its interval as one batch, in order, after the facts", async () => {
    const { clock, writer, recorder, start } = setUp();
    recorder.event(workflow(1));
    recorder.text("s1", 0, "one");
    clock.advance(WRITE_INTERVAL_MS - 1);
    recorder.event(workflow(2));
    expect(writer.batches).toEqual([]);
    clock.advance(1);
    await settle();
    expect(writer.told).toEqual([FACTS]);
    expect(writer.batches).toEqual([
      [
        { at: start, event: workflow(1) },
        { at: start, stream_id: "s1", offset: 0, text: "one" },
        { at: start + WRITE_INTERVAL_MS - 1, event: workflow(2) },
      ],
    ]);
  });

  it("puts text of one stream together, but not across a gap, a slice's time or its end", async () => {
    const { clock, writer, recorder, start } = setUp();
    recorder.text("s1", 0, "a");
    recorder.text("s2", 0, "x");
    recorder.text("s1", 1, "b");
    recorder.text("s1", 9, "after a gap");
    clock.advance(SLICE_MS);
    recorder.text("s1", 20, "later");
    recorder.event({
      type: "stream_complete",
      seq: 1,
      stream_id: "s1",
      agent_name: "writer",
      status: "completed",
      length: 25,
      duration: 1,
      timestamp: 1,
    });
    await recorder.flush();
    expect(
      writer.batches[0]?.map((entry) =>
        "text" in entry ? [entry.stream_id, entry.offset, entry.text, entry.at] : "end",
      ),
    ).toEqual([
      ["s1", 0, "ab", start],
      ["s2", 0, "x", start],
      ["s1", 9, "after a gap", start],
      ["s1", 20, "later", start + SLICE_MS],
      "end",
    ]);
  });

  it("has one batch under way at a time, and flush waits for what came meanwhile", async () => {
    const { clock, writer, recorder } = setUp();
    writer.holds = true;
    recorder.event(workflow(1));
    clock.advance(WRITE_INTERVAL_MS);
    await settle();
    recorder.event(workflow(2));
    clock.advance(10 * WRITE_INTERVAL_MS);
    await settle();
    expect(writer.batches).toHaveLength(1);
    let isFlushed = false;
    const flushed = recorder.flush().then(() => {
      isFlushed = true;
    });
    await settle();
    expect(isFlushed).toBe(false);
    writer.release();
    await flushed;
    expect(writer.batches.flat()).toHaveLength(2);
  });

  it("flushes what has come, though more comes with every write", async () => {
    const { writer, recorder } = setUp();
    recorder.event(workflow(1));
    let more = 2;
    writer.onWrite = () => recorder.event(workflow(more++));
    await recorder.flush();
    expect(writer.batches.flat()).toHaveLength(1);
  });

  it("keeps a payload whatever its keys are called", async () => {
    const { writer, recorder } = setUp();
    const payload = JSON.parse('{"constructor":"x","toJSON":"y","__proto__":{"a":1},"__keys__":[1]}');
    const artifact = { id: "a", type: "T", payload, produced_by: "p", correlation_id: "w", tags: [], version: 1 };
    recorder.event({
      type: "artifact_published",
      seq: 1,
      artifact: { ...artifact, visibility: "public", created_at: 1 },
    });
    await recorder.flush();
    const [entry] = writer.batches.flat();
    expect(JSON.stringify(entry)).toContain(JSON.stringify(payload));
  });

  it("gives up, in words, where even events pile up before a disk that hangs", async () => {
    const { clock, writer, faults, recorder } = setUp();
    writer.holds = true;
    recorder.event(workflow(1));
    clock.advance(WRITE_INTERVAL_MS);
    await settle();
    for (let seq = 2; !recorder.isOver && seq < 2_000_000; seq += 1) recorder.event(workflow(seq));
    expect(faults).toEqual([new Error("the disk does not keep up")]);
    writer.release();
  });

  it("is closed for whoever asks only when the rest is written", async () => {
    const { writer, recorder } = setUp();
    writer.holds = true;
    recorder.event(workflow(1));
    let isClosed = false;
    const closing = [recorder.close(), recorder.close()].map((each) => each.then(() => (isClosed = true)));
    await settle();
    expect(isClosed).toBe(false);
    writer.release();
    await Promise.all(closing);
    expect(writer.told.at(-1)).toHaveProperty("ended_at");
  });

  it("leaves text out that a disk cannot keep up with, and goes on later: the offsets tell the gap", async () => {
    const { clock, writer, recorder } = setUp();
    const half = "x".repeat(MAX_WAITING_UNITS / 2 + 1);
    writer.holds = true;
    recorder.event(workflow(1));
    clock.advance(WRITE_INTERVAL_MS);
    await settle();
    recorder.text("s1", 0, half);
    recorder.text("s2", 0, half);
    recorder.text("s1", half.length, "lost");
    recorder.event(workflow(2));
    writer.release();
    await recorder.flush();
    recorder.text("s1", half.length + 4, "kept");
    await recorder.flush();
    const entries = writer.batches
      .flat()
      .map((entry) => ("text" in entry ? [entry.stream_id, entry.offset] : entry.event.seq));
    expect(entries).toEqual([1, ["s1", 0], ["s2", 0], 2, ["s1", half.length + 4]]);
  });

  it("tells once that it cannot write, and goes quiet", async () => {
    const { writer, faults, recorder } = setUp();
    writer.fault = new Error("disk full");
    recorder.event(workflow(1));
    await recorder.flush();
    recorder.event(workflow(2));
    recorder.text("s1", 0, "x");
    await recorder.flush();
    await recorder.close();
    expect(faults).toEqual([new Error("disk full")]);
    expect(writer.batches).toHaveLength(1);
    expect(writer.isClosed).toBe(true);
  });

  it("writes the rest and when it ended as it is closed, and nothing after that", async () => {
    const { clock, writer, recorder } = setUp();
    recorder.event(workflow(1));
    await recorder.close();
    recorder.event(workflow(2));
    clock.advance(WRITE_INTERVAL_MS);
    await settle();
    expect(writer.batches.flat()).toHaveLength(1);
    expect(writer.told).toEqual([FACTS, { ended_at: clock.now() - WRITE_INTERVAL_MS }]);
    expect(writer.isClosed).toBe(true);
  });
});
