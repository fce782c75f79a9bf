import fc from "fast-check";
import { expect, test } from "vitest";
import { Emitter } from "./emitter.js";
import type { FlockEvent } from "./events.js";
import { type OpenStream, StreamDesk } from "./stream-desk.js";

/** What engines do, in any order: a stream opens, writes, ends. */
type Action = { readonly do: "open" } | { readonly do: "write" | "end"; readonly at: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Action>({ do: "open" }) },
  { weight: 5, arbitrary: fc.nat(9).map((at): Action => ({ do: "write", at })) },
  { weight: 2, arbitrary: fc.nat(9).map((at): Action => ({ do: "end", at })) },
);

interface Played {
  readonly events: readonly FlockEvent[];
  /** What each stream wrote before its end, by id. */
  readonly written: ReadonlyMap<string, string>;
}

function play(actions: readonly Action[], parallel: boolean): Played {
  const events: FlockEvent[] = [];
  const emitter = new Emitter();
  emitter.on((event) => events.push(event));
  const desk = new StreamDesk(emitter, () => parallel);
  const written = new Map<string, string>();
  const open: OpenStream[] = [];
  const end = (stream: OpenStream) => stream.end({ status: "completed", timestamp: 2 });
  for (const [index, one] of actions.entries()) {
    if (one.do === "open") {
      const streamId = `s${index}`;
      const names = { agentName: streamId, runId: "r", correlationId: "w", artifactType: "A", model: "m" };
      open.push(desk.open({ ...names, streamId, attempt: 1, consumedArtifacts: [], startedAt: 1 }));
      written.set(streamId, "");
      continue;
    }
    const stream = open[one.at % Math.max(1, open.length)];
    if (!stream) continue;
    if (one.do === "end") end(...(open.splice(open.indexOf(stream), 1) as [OpenStream]));
    else {
      stream.append(`${index},`);
      written.set(stream.id, `${written.get(stream.id)}${index},`);
    }
  }
  for (const stream of open.splice(0)) end(stream);
  expect(desk.live).toBe(0);
  return { events, written };
}

/** The text of each stream as it was told. Fails where an event comes outside of its stream's life. */
function heard(events: readonly FlockEvent[], mostLive: number): Map<string, string> {
  const texts = new Map<string, string>();
  const live = new Set<string>();
  for (const event of events) {
    if (event.type === "stream_started") {
      expect(texts.has(event.streamId)).toBe(false);
      texts.set(event.streamId, "");
      live.add(event.streamId);
      expect(live.size).toBeLessThanOrEqual(mostLive);
    } else if (event.type === "stream_text") {
      expect(live.has(event.streamId)).toBe(true);
      texts.set(event.streamId, `${texts.get(event.streamId)}${event.text}`);
    } else if (event.type === "stream_complete") expect(live.delete(event.streamId)).toBe(true);
  }
  expect(live.size).toBe(0);
  return texts;
}

test.each([
  { parallel: false, mostLive: 1 },
  { parallel: true, mostLive: Number.POSITIVE_INFINITY },
])("parallel $parallel: every stream is told once and whole, at most $mostLive at a time", ({ parallel, mostLive }) => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { events, written } = play(actions, parallel);
      expect(heard(events, mostLive)).toEqual(written);
    }),
  );
});

test("what one terminal hears is what parallel viewers hear, in another order", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const alone = heard(play(actions, false).events, 1);
      const together = heard(play(actions, true).events, Number.POSITIVE_INFINITY);
      expect(Object.fromEntries(alone)).toEqual(Object.fromEntries(together));
    }),
  );
});
