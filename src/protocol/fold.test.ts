import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyMessages, attachMessage, forgetStreams } from "./fold.js";
import type { ServerMessage } from "./messages.js";
import { activated, chunk, complete, failed, hello, reset, started, sync } from "./messages.testing.js";
import { createViewState, type StreamView, type ViewState } from "./view-state.js";

function fold(...messages: ServerMessage[]): ViewState {
  const state = createViewState();
  applyMessages(state, [hello(), sync(0), ...messages]);
  return state;
}

function streamOf(state: ViewState, id = "s"): StreamView & { content: string } {
  const stream = state.streams.get(id);
  if (stream === undefined) throw new Error(`no stream ${id}`);
  return { ...stream, content: stream.text.toString() };
}

describe("the text of a stream", () => {
  it.each([
    ["nothing yet", [], { content: "", length: 0, lostUnits: 0 }],
    ["chunks in order", [chunk(0, "ab"), chunk(2, "cd")], { content: "abcd", length: 4 }],
    ["a chunk that came twice", [chunk(0, "ab"), chunk(0, "ab")], { content: "ab", length: 2 }],
    ["a chunk that overlaps", [chunk(0, "abc"), chunk(1, "bcde")], { content: "abcde", length: 5 }],
    ["a gap", [chunk(0, "ab"), chunk(5, "fg")], { content: "ab", length: 7, needsAttach: true }],
    ["a gap that is filled", [chunk(5, "fg"), chunk(0, "abcdefg")], { content: "abcdefg", needsAttach: false }],
    [
      "a reset",
      [chunk(0, "ab"), reset(5, "fg")],
      { content: "fg", length: 7, lostUnits: 5, lastReset: { reason: "lagged", offset: 5 } },
    ],
    ["chunks after a reset", [chunk(0, "ab"), reset(5, "fg"), chunk(7, "h")], { content: "fgh", length: 8 }],
    ["a reset to the beginning", [chunk(0, "xx"), reset(0, "ab")], { content: "ab", lostUnits: 0 }],
    [
      "progress without text",
      [{ type: "stream_progress", stream_id: "s", length: 9, timestamp: 5 }],
      { content: "", length: 9, needsAttach: false },
    ],
    ["the end", [chunk(0, "ab"), complete(2, 2)], { content: "ab", status: "completed", duration: 1 }],
    [
      "the end with the same text",
      [chunk(0, "ab"), complete(2, 2, { full_content: "ab" })],
      { content: "ab", lostUnits: 0 },
    ],
    ["the end with what was missing", [chunk(0, "ab"), complete(2, 4, { full_content: "abcd" })], { content: "abcd" }],
    [
      "the end with the tail, joined to what is held",
      [chunk(0, "abcd"), complete(2, 6, { full_content: "cdef" })],
      { content: "abcdef", lostUnits: 0 },
    ],
    [
      "the end with a tail that cannot be joined",
      [chunk(0, "ab"), complete(2, 6, { full_content: "ef" })],
      { content: "ef", lostUnits: 4 },
    ],
    ["the end with other text", [chunk(0, "xx"), complete(2, 2, { full_content: "ab" })], { content: "ab" }],
    [
      "the end with more than was held of it",
      [reset(2, "cd"), complete(2, 4, { full_content: "abcd" })],
      { content: "abcd", lostUnits: 0 },
    ],
    [
      "the end of nothing, its text gone",
      [complete(2, 8, { full_content: "" })],
      { content: "", length: 8, lostUnits: 8 },
    ],
    ["the end without its text", [chunk(0, "ab"), complete(2, 4)], { content: "ab", length: 4, needsAttach: true }],
    [
      "a failure keeps its text",
      [chunk(0, "ab"), complete(2, 2, { status: "failed", error: { code: "stalled", message: "m" } })],
      { content: "ab", status: "failed", error: { code: "stalled", message: "m" } },
    ],
    [
      "the end told twice",
      [chunk(0, "ab"), complete(2, 2), complete(2, 2, { status: "failed" })],
      { status: "completed" },
    ],
    [
      "the end told late",
      [{ type: "workflow_started", seq: 9, correlation_id: "w", timestamp: 1 }, complete(2, 0)],
      { status: "completed" },
    ],
    ["a second start", [chunk(0, "ab"), started(1)], { content: "ab" }],
  ] as [string, ServerMessage[], Partial<StreamView & { content: string }>][])("%s", (_name, messages, expected) => {
    expect(streamOf(fold(started(1), ...messages))).toMatchObject(expected);
  });

  it("of a stream that was never started is ignored", () => {
    const state = fold(chunk(0, "ab"), reset(5, "x"), complete(1, 2));
    expect(state.streams.size).toBe(0);
  });

  it("is the same however it was cut, and however often parts came again", () => {
    const cut = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(fc.string({ minLength: 60, maxLength: 60 }), fc.array(cut, { maxLength: 30 }), (text, cuts) => {
        const state = fold(started(1));
        let end = 0;
        for (const [at, length] of [...cuts, [0, text.length] as const]) {
          const from = Math.min(at, end);
          applyMessages(state, [chunk(from, text.slice(from, from + length))]);
          end = Math.max(end, Math.min(text.length, from + length));
          expect(state.streams.get("s")?.text.toString()).toBe(text.slice(0, end));
        }
      }),
    );
  });

  it("can be read from any offset, and tells when it was replaced", () => {
    const state = fold(started(1));
    const { text } = streamOf(state);
    const whole = Array.from({ length: 3_000 }, (_, index) => `${index} `).join("");
    for (let at = 0; at < whole.length; at += 7) applyMessages(state, [chunk(at, whole.slice(at, at + 7))]);
    expect(text.slice(10_000)).toBe(whole.slice(10_000));
    expect(text.slice(4_000, 9_000)).toBe(whole.slice(4_000, 9_000));
    expect(text.generation).toBe(0);
    applyMessages(state, [reset(20_000, "tail")]);
    expect(text.generation).toBe(1);
    expect([text.start, text.end, text.slice(), text.slice(20_002)]).toEqual([20_000, 20_004, "tail", "il"]);
  });
});

describe("changes", () => {
  it("name what changed; an entry is replaced once a call and untouched in earlier views", () => {
    const state = fold(started(1), started(2, "other"));
    const before = state.streams.get("s");
    const other = state.streams.get("other");
    const changes = applyMessages(state, [chunk(0, "a"), chunk(1, "b"), chunk(2, "c")]);
    const after = state.streams.get("s");
    expect([...changes.streams]).toEqual(["s"]);
    expect(after?.revision).toBe((before?.revision ?? 0) + 1);
    expect(before?.length).toBe(0);
    expect(after?.length).toBe(3);
    expect(state.streams.get("other")).toBe(other);
  });

  it("can be collected over several calls", () => {
    const state = fold(started(1), started(2, "t"));
    const changes = applyMessages(state, [chunk(0, "a")]);
    applyMessages(state, [chunk(0, "b", "t")], changes);
    expect([...changes.streams].sort()).toEqual(["s", "t"]);
  });

  it("tell hello, sync, a new epoch, gaps and replies", () => {
    const state = createViewState();
    expect(applyMessages(state, [hello()])).toMatchObject({ hello: true, cleared: false, synced: false });
    expect(applyMessages(state, [sync(0)])).toMatchObject({ hello: false, synced: true });
    applyMessages(state, [started(1)]);
    expect(applyMessages(state, [chunk(3, "x")])).toMatchObject({ needsAttach: true });
    const reply = { type: "reply", request_id: "r", ok: true } as const;
    expect(applyMessages(state, [reply]).replies).toEqual([reply]);
    expect(applyMessages(state, [hello("e2")])).toMatchObject({ hello: true, cleared: true });
    expect([state.streams.size, state.lastSeq, state.synced]).toEqual([0, 0, false]);
  });
});

describe("runs, workflows and artifacts", () => {
  const text = chunk(0, "ab");
  const waiting = { ...activated(3), type: "agent_waiting", reason: "429", until: 9_000 } as const;

  it.each([
    ["activated", [activated(1)], { status: "running", streamIds: [] }],
    ["streaming", [activated(1), started(2)], { status: "running", streamIds: ["s"] }],
    ["waiting", [activated(1), started(2), waiting], { status: "waiting", waiting: { reason: "429", until: 9_000 } }],
    ["going on after the wait", [activated(1), started(2), waiting, text], { status: "running", waiting: null }],
    [
      "to be tried again",
      [activated(1), failed(2, { will_retry: true })],
      { status: "running", faults: [{ seq: 2, willRetry: true }] },
    ],
    ["failed", [activated(1), failed(2)], { status: "failed", duration: 3, faults: [{ code: "stalled" }] }],
    ["cancelled", [activated(1), failed(2, { error: { code: "cancelled", message: "" } })], { status: "cancelled" }],
    [
      "completed",
      [
        activated(1),
        {
          ...activated(2),
          type: "agent_completed",
          duration: 2,
          artifacts_produced: ["a"],
          usage: { output_tokens: 3 },
        },
      ],
      { status: "completed", duration: 2, artifactsProduced: ["a"], usage: { output_tokens: 3 } },
    ],
  ] as [string, ServerMessage[], object][])("a run that is %s", (_name, messages, expected) => {
    expect(fold(...messages).runs.get("r")).toMatchObject(expected);
  });

  it("agents count their runs by state", () => {
    const info = { name: "writer", description: "d", consumes: ["Topic"], publishes: ["T"], model: "m" };
    const state = createViewState();
    applyMessages(state, [hello("e1", { agents: [info] }), activated(1), activated(2, { run_id: "r2" }), failed(3)]);
    expect(state.agents.get("writer")).toEqual({ info, running: 1, completed: 0, failed: 1, cancelled: 0 });
    applyMessages(state, [hello("e1", { agents: [info] }), activated(1), failed(3)]);
    expect(state.agents.get("writer")).toMatchObject({ running: 1, failed: 1 });
  });

  it("workflows run until they are finished", () => {
    const begun = { type: "workflow_started", seq: 1, correlation_id: "w", timestamp: 1_000 } as const;
    const finished = {
      type: "workflow_finished",
      seq: 2,
      correlation_id: "w",
      status: "failed",
      duration: 2,
      timestamp: 3_000,
    } as const;
    expect(fold(begun).workflows.get("w")).toEqual({ id: "w", status: "running", startedAt: 1_000, duration: null });
    expect(fold(begun, finished).workflows.get("w")).toMatchObject({ status: "failed", startedAt: 1_000, duration: 2 });
    expect(fold(finished).workflows.get("w")).toMatchObject({ status: "failed", startedAt: 1_000 });
  });
});

describe("replays", () => {
  it("change nothing when the same events come again", () => {
    const messages = [activated(1), started(2), chunk(0, "ab"), failed(3, { will_retry: true }), complete(4, 2)];
    const state = fold(...messages);
    const before = structuredClone([[...state.runs], [...state.agents]]);
    const view = state.streams.get("s");
    const changes = applyMessages(state, [hello(), ...messages, sync(4)]);
    expect([[...state.runs], [...state.agents]]).toEqual(before);
    expect(state.streams.get("s")).toBe(view);
    expect([...changes.streams, ...changes.runs]).toEqual([]);
  });

  it("do not bring back what was cleared", () => {
    const state = fold(started(1), complete(2, 0), started(3, "live"));
    forgetStreams(state, ["s", "live"]);
    expect([...state.streams.keys()]).toEqual(["live"]);
    applyMessages(state, [hello(), started(1), chunk(0, "x"), complete(2, 1), sync(3)]);
    expect([...state.streams.keys()]).toEqual(["live"]);
  });

  it("tell the time of the first text only when it was seen to come, or was told", () => {
    expect(streamOf(fold(started(1), chunk(0, "a", "s", 1_234))).firstTextAt).toBe(1_234);
    const replayed = createViewState();
    applyMessages(replayed, [hello(), started(1), chunk(0, "a"), sync(1)]);
    expect(streamOf(replayed).firstTextAt).toBeNull();
    applyMessages(replayed, [complete(2, 1, { first_text_at: 1_100 })]);
    expect(streamOf(replayed).firstTextAt).toBe(1_100);
  });
});

describe("attachMessage", () => {
  it.each([
    ["knows nothing", createViewState(), { type: "attach" }],
    [
      "knows streams",
      fold(started(1), chunk(0, "abc"), started(2, "t")),
      { type: "attach", epoch: "e1", since_seq: 2, cursors: { s: 3, t: 0 } },
    ],
    [
      "had a gap in a live stream",
      fold(started(1), chunk(0, "a"), chunk(5, "x")),
      { type: "attach", epoch: "e1", since_seq: 1, cursors: { s: 1 } },
    ],
    [
      "had a gap in a finished stream",
      fold(started(1), chunk(0, "a"), complete(2, 9)),
      { type: "attach", epoch: "e1", cursors: { s: 1 } },
    ],
    [
      "was told of events that it need not know",
      fold(sync(7)),
      { type: "attach", epoch: "e1", since_seq: 7, cursors: {} },
    ],
  ])("of a viewer that %s", (_name, state, expected) => {
    expect(attachMessage(state)).toEqual(expected);
    expect(attachMessage(state, { acks: true })).toEqual({ ...expected, acks: true });
  });

  it("fits an inbound frame however many streams there were, and names the live ones", () => {
    const state = fold();
    const ids = Array.from({ length: 3_000 }, (_, index) => `${index}-0b0f7c1e-2d5b-4c5e-9f0a-1234567890ab`);
    applyMessages(
      state,
      ids.map((id, index) => started(index + 1, id)),
    );
    applyMessages(
      state,
      ids.slice(5).map((id, index) => complete(4_000 + index, 0, { stream_id: id })),
    );
    const attach = attachMessage(state);
    expect(JSON.stringify(attach).length).toBeLessThan(65_536);
    for (const id of ids.slice(0, 5)) expect(attach.cursors).toHaveProperty(id);
  });

  it("counts the text received on this connection, for ack", () => {
    const state = fold(started(1), chunk(0, "abc"), chunk(0, "abc"), reset(3, "de"));
    expect(state.receivedChars).toBe(8);
    applyMessages(state, [hello()]);
    expect(state.receivedChars).toBe(0);
  });
});

it("a chunk costs its own length: no more at 2 MB than at the beginning", () => {
  const state = fold(started(1));
  let offset = 0;
  const round = (): number => {
    const start = performance.now();
    for (let index = 0; index < 10_000; index++) {
      applyMessages(state, [chunk(offset, "tokn ")]);
      offset += 5;
      state.streams.get("s")?.text.slice(offset - 5);
    }
    return performance.now() - start;
  };
  round();
  const early = Math.min(round(), round(), round());
  for (let index = 0; index < 34; index++) round();
  const late = Math.min(round(), round(), round());
  expect(offset).toBeGreaterThan(2_000_000);
  expect(late / early).toBeLessThan(4);
});
