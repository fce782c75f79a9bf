import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { applyMessages, createViewState, type ServerMessage } from "../../protocol/index.js";
import { CONTROL, cleanUp, isType, ManualClock, startBench } from "../server.testing.js";
import { PositionJournal } from "./position.js";
import { formatEventId, parseEventId } from "./replay.js";
import { openEvents } from "./sse-client.testing.js";
import { type Progress, progressOf } from "./sse-frame.js";

afterEach(cleanUp);

/** The text of every stream over any number of connections: throws where a unit is lost or doubled. */
function textsOf(messages: readonly ServerMessage[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const message of messages) {
    if (message.type === "stream_reset") throw new Error(`reset of ${message.stream_id}`);
    if (message.type !== "stream_chunk") continue;
    const text = texts.get(message.stream_id) ?? "";
    if (message.offset !== text.length)
      throw new Error(`${message.stream_id}: offset ${message.offset}, have ${text.length}`);
    texts.set(message.stream_id, text + message.chunk);
  }
  return texts;
}

describe("Server-Sent Events", () => {
  it("are the protocol's messages, each with an id, not cached and not buffered", async () => {
    const { hub, server, startStream, endStream } = await startBench();
    const client = await openEvents(server);
    expect(client.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    await client.until(isType("sync_complete"));
    startStream("s1");
    hub.append("s1", "line one\nline two");
    endStream("s1");
    await client.until(isType("stream_complete"));
    expect(client.messages[0]).toMatchObject({ type: "hello", role: "watch" });
    expect(textsOf(client.messages).get("s1")).toBe("line one\nline two");
    expect(client.events.every((event) => event.id !== undefined)).toBe(true);
    expect(server.viewers()).toMatchObject([{ carrier: "sse", address: "127.0.0.1" }]);
    client.drop();
    await expect.poll(() => server.viewers().length).toBe(0);
  });

  it("tell the role of the token", async () => {
    const { server } = await startBench();
    const client = await openEvents(server, undefined, CONTROL);
    expect(await client.until(isType("hello"))).toMatchObject({ role: "control" });
    expect(server.viewers()).toMatchObject([{ carrier: "sse", role: "control" }]);
  });

  it("keep the connection alive with comments", async () => {
    const clock = new ManualClock();
    const { server } = await startBench({ clock });
    const client = await openEvents(server);
    await client.until(isType("sync_complete"));
    clock.advance(25_000);
    await expect.poll(() => client.comments).toEqual(["ping"]);
  });

  it("Last-Event-ID resumes at the unit, wherever the connection broke", async () => {
    const { hub, server, startStream, endStream } = await startBench();
    const all: ServerMessage[] = [];
    let lastEventId: string | undefined;
    const words = Array.from({ length: 120 }, (_, index) => `word${index} `);
    for (const id of ["s1", "s2", "s3"]) startStream(id);
    for (let round = 0; round < 12; round += 1) {
      const client = await openEvents(server, lastEventId);
      for (const word of words.slice(round * 10, round * 10 + 10)) {
        for (const id of ["s1", "s2", "s3"]) hub.append(id, word);
      }
      const expected = words.slice(0, round * 10 + 10).join("").length;
      await client.until(
        (message) => message.type === "stream_chunk" && message.offset + message.chunk.length === expected,
      );
      // What came after the event at which the reader stopped is lost with the connection.
      const kept = client.events.slice(0, Math.max(1, client.events.length - (round % 3)));
      client.drop();
      all.push(...kept.map((event) => event.message));
      lastEventId = kept[kept.length - 1]?.id;
    }
    for (const id of ["s1", "s2", "s3"]) endStream(id);
    const last = await openEvents(server, lastEventId);
    await last.until((message) => message.type === "stream_complete" && message.stream_id === "s3");
    all.push(...last.messages);
    const texts = textsOf(all);
    for (const id of ["s1", "s2", "s3"]) expect(texts.get(id)).toBe(words.join(""));
    for (const type of ["stream_started", "stream_complete"]) {
      expect(all.filter((message) => message.type === type)).toHaveLength(3);
    }
  });

  it("an id from beyond the replay, or of an ended server, gives the current state instead", async () => {
    const { hub, server, startStream } = await startBench({ limits: { sseReplayEvents: 4 } });
    startStream("s1");
    hub.append("s1", "first ");
    const first = await openEvents(server);
    await first.until(isType("sync_complete"));
    const early = first.events[0]?.id ?? "";
    for (let index = 0; index < 6; index += 1) {
      startStream(`t${index}`);
      await first.until((message) => message.type === "stream_started" && message.stream_id === `t${index}`);
    }
    const [session = ""] = early.split(".");
    for (const id of [early, "nonsense", "unknown.1", `${session}.9999`]) {
      const client = await openEvents(server, id);
      await client.until(isType("sync_complete"));
      const state = createViewState();
      applyMessages(state, client.messages);
      expect([...state.streams.keys()]).toEqual(["s1", "t0", "t1", "t2", "t3", "t4", "t5"]);
      client.drop();
    }
  });

  it("an id can be resumed from for five minutes after its connection ended", async () => {
    const clock = new ManualClock();
    const bench = await startBench({ clock });
    const resumed = async (wait: number) => {
      const id = `s${wait}`;
      bench.startStream(id);
      bench.hub.append(id, "seen");
      clock.advance(100);
      const client = await openEvents(bench.server);
      await client.until((message) => message.type === "stream_chunk" && message.stream_id === id);
      await client.until(isType("sync_complete"));
      client.drop();
      await expect.poll(() => bench.server.viewers().length).toBe(0);
      clock.advance(wait);
      const again = await openEvents(bench.server, client.lastEventId);
      await again.until(isType("sync_complete"));
      const about = again.messages.filter((message) => "stream_id" in message && message.stream_id === id);
      const isRepeated = about.length > 0;
      if (isRepeated) expect(about.map((message) => message.type)).toEqual(["stream_started", "stream_chunk"]);
      again.drop();
      await expect.poll(() => bench.server.viewers().length).toBe(0);
      return !isRepeated;
    };
    expect(await resumed(299_999)).toBe(true);
    expect(await resumed(300_000)).toBe(false);
  });

  it("a reader that stops is held back and catches up", async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 16 }, (_, index) => `s${index}`);
    const client = await openEvents(bench.server);
    await client.until(isType("sync_complete"));
    for (const id of ids) bench.startStream(id);
    await client.until((message) => message.type === "stream_started" && message.stream_id === "s15");
    client.response.pause();
    while (bench.hub.counters.fallOuts === 0) {
      for (const id of ids) bench.hub.append(id, "0123456789".repeat(5_000));
      await expect
        .poll(() => [...bench.hub.store.live].every((stream) => stream.flushed === stream.log.length))
        .toBe(true);
    }
    for (const id of ids) bench.hub.append(id, "the end");
    for (const id of ids) bench.endStream(id);
    client.response.resume();
    await client.until((message) => message.type === "stream_complete" && message.stream_id === "s15");
    const state = createViewState();
    applyMessages(state, client.messages);
    for (const id of ids) expect(state.streams.get(id)?.text.slice().slice(-17)).toBe("0123456789the end");
  });

  it("a reader that takes nothing from one beat to the next gives up its place", async () => {
    const clock = new ManualClock();
    const { hub, server, startStream } = await startBench({ clock });
    startStream("s1");
    const stuck = await openEvents(server);
    const reading = await openEvents(server);
    for (const client of [stuck, reading]) await client.until(isType("sync_complete"));
    stuck.response.pause();
    const flood = async () => {
      for (let index = 0; index < 200; index += 1) {
        hub.append("s1", "0123456789".repeat(10_000));
        clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await flood();
    await expect.poll(() => server.viewers().map((viewer) => viewer.lag_chars > 0)).toEqual([true, false]);
    clock.advance(20_000);
    expect(server.viewers()).toHaveLength(2);
    await flood();
    await expect.poll(() => server.viewers().map((viewer) => viewer.lag_chars > 0)).toEqual([true, false]);
    clock.advance(25_000);
    await expect.poll(() => server.viewers().map((viewer) => viewer.lag_chars > 0)).toEqual([false]);
  });

  it("closing tells why, and ends the response", async () => {
    const { server } = await startBench();
    const client = await openEvents(server);
    await client.until(isType("sync_complete"));
    server.rotateTokens();
    await client.ended;
    expect(client.comments).toEqual(["closed 4401 The tokens were changed"]);
  });
});

const STREAM_FIELDS = {
  stream_id: "s",
  agent_name: "a",
  run_id: "r",
  correlation_id: "w",
  artifact_type: "T",
  model: "demo/echo",
  consumed_artifacts: [],
};

describe("positions", () => {
  const progress: fc.Arbitrary<Progress> = fc.oneof(
    fc.record({ stream: fc.constantFrom("a", "b", "c"), offset: fc.nat(1000) }),
    fc.record({ seq: fc.nat(1000) }),
    fc.record({
      seq: fc.nat(1000),
      stream: fc.constantFrom("a", "b", "c"),
      offset: fc.constant(0),
      opens: fc.constant(true),
    }),
    fc.record({
      seq: fc.nat(1000),
      stream: fc.constantFrom("a", "b", "c"),
      offset: fc.nat(1000),
      closes: fc.constant(true),
    }),
    fc.constant({}),
  );
  it("are those of a fold over the events so far, for as many events as are kept", () => {
    fc.assert(
      fc.property(fc.array(progress, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (steps, capacity) => {
        const journal = new PositionJournal(capacity, { seq: 5, cursors: { z: 9 } });
        for (const step of steps) journal.push(step);
        const cursors = new Map([["z", 9]]);
        let seq: number | undefined = 5;
        for (let event = 0; event <= steps.length; event += 1) {
          const step = steps[event - 1];
          if (step?.stream !== undefined && step.offset !== undefined) {
            if (step.closes) cursors.delete(step.stream);
            else if (!step.opens || !cursors.has(step.stream)) cursors.set(step.stream, step.offset);
          }
          seq = step?.seq ?? seq;
          const expected = event < steps.length - capacity ? undefined : { seq, cursors: Object.fromEntries(cursors) };
          expect(journal.at(event)).toEqual(expected);
        }
        expect(journal.at(steps.length + 1)).toBeUndefined();
      }),
    );
  });

  it("ids survive the way there and back", () => {
    const id = { session: "a-b_c", event: 3 };
    expect(parseEventId(formatEventId(id))).toEqual(id);
    for (const text of ["", "1", "a.", ".1", "a.-1", "a.1.2", "a b.1", `${"s".repeat(40)}.1`]) {
      expect(parseEventId(text)).toBeUndefined();
    }
  });

  it("a stream has a cursor from its start on; told of it again, it keeps the one that it has", () => {
    const journal = new PositionJournal(10);
    const started = progressOf({ type: "stream_started", seq: 4, started_at: 1, attempt: 1, ...STREAM_FIELDS });
    journal.push(started);
    expect(journal.at(1)).toEqual({ seq: 4, cursors: { s: 0 } });
    journal.push({ stream: "s", offset: 5 });
    journal.push(started);
    expect(journal.at(3)).toEqual({ seq: 4, cursors: { s: 5 } });
  });

  it("an ended stream needs no cursor", () => {
    expect(
      progressOf({
        type: "stream_complete",
        seq: 4,
        stream_id: "s",
        agent_name: "a",
        status: "failed",
        length: 7,
        duration: 1,
        timestamp: 1,
      }),
    ).toEqual({
      seq: 4,
      stream: "s",
      offset: 7,
      closes: true,
    });
  });
});
