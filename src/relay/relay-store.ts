import { isJson, type SequencedMessage, type StreamComplete } from "../protocol/index.js";
import { EventLog } from "./event-log.js";
import { COMPLETED_RETENTION_MS, MAX_COMPLETED_STREAMS, MAX_EVENTS } from "./limits.js";
import { RelayStream } from "./relay-stream.js";
import { StateLog } from "./state-log.js";
import type { HubEvent } from "./types.js";

export interface StoreLimits {
  /** Retained units of each stream. */
  readonly retainedChars?: number;
  readonly maxEvents?: number;
  /** How long a completed stream's text is kept, in milliseconds. */
  readonly completedRetentionMs?: number;
  readonly maxCompletedStreams?: number;
}

/** How many ends of evicted streams are remembered, for viewers that come back to them. */
const MAX_ENDS = 10_000;

/** Everything that the relay holds, once, whoever watches: streams, events, and the state that they add up to. */
export class RelayStore {
  /** Every stream whose text is retained. */
  readonly streams = new Map<string, RelayStream>();
  /** Those whose end has not been flushed. */
  readonly live = new Set<RelayStream>();
  readonly events: EventLog;
  readonly state = new StateLog();
  /** The ends of streams whose text is gone. */
  readonly ends = new Map<string, StreamComplete>();
  /** Events up to here have been flushed: the event cursor of every viewer in step. */
  flushedSeq = 0;
  readonly #limits: StoreLimits;
  readonly #payloadUnits = new WeakMap<SequencedMessage, number>();
  readonly #completed: { readonly id: string; readonly at: number }[] = [];

  constructor(limits: StoreLimits = {}) {
    this.#limits = limits;
    this.events = new EventLog(limits.maxEvents ?? MAX_EVENTS);
  }

  get lastSeq(): number {
    return this.events.last;
  }

  /** Gives the event its `seq`. Null for what cannot be: a stream that starts twice, or ends without being open. */
  record(event: HubEvent, now: number): SequencedMessage | null {
    const seq = this.lastSeq + 1;
    if (event.type === "stream_complete") return this.#complete(event, seq, now);
    if (event.type === "stream_started") {
      if (this.streams.has(event.stream_id) || this.ends.has(event.stream_id)) return null;
      const started = { ...event, seq };
      const stream = new RelayStream(started, this.#limits.retainedChars);
      this.streams.set(stream.id, stream);
      this.live.add(stream);
      return this.#push(started);
    }
    if (event.type === "artifact_published") return this.#publish(event, seq);
    return this.#push({ ...event, seq });
  }

  /** The next event for a viewer that has everything up to `seq`; up to `rebuildTo` it is given state, not history. */
  nextEvent(seq: number, rebuildTo: number): SequencedMessage | undefined {
    let cursor = seq;
    if (cursor < rebuildTo) {
      const event = this.state.after(cursor);
      if (event !== undefined && event.seq <= rebuildTo) return event;
      cursor = rebuildTo;
    }
    const { floor } = this.events;
    if (cursor + 1 >= floor) return this.events.get(cursor + 1);
    const event = this.state.after(cursor);
    return event !== undefined && event.seq < floor ? event : this.events.get(floor);
  }

  /** Units of the event's payload as JSON; 0 for what has none. */
  payloadUnitsOf(event: SequencedMessage): number {
    return this.#payloadUnits.get(event) ?? 0;
  }

  /** Whether more completed streams are held than may be: then `evict` takes the oldest, however young. */
  get tooMany(): boolean {
    return this.#completed.length > (this.#limits.maxCompletedStreams ?? MAX_COMPLETED_STREAMS);
  }

  /** Forgets the text of streams that completed too long ago. When to ask again, or null. */
  evict(now: number): number | null {
    const keptFor = this.#limits.completedRetentionMs ?? COMPLETED_RETENTION_MS;
    for (;;) {
      const [oldest] = this.#completed;
      if (oldest === undefined) return null;
      const due = oldest.at + keptFor;
      if (due > now && !this.tooMany) return due;
      const stream = this.streams.get(oldest.id);
      // Its end must have been flushed: viewers in step get the text with it.
      if (stream !== undefined && this.live.has(stream)) return now + 1;
      this.#completed.shift();
      this.#forget(oldest.id);
    }
  }

  #forget(id: string): void {
    const stream = this.streams.get(id);
    if (stream?.complete == null) return;
    this.streams.delete(id);
    this.state.keepEndOf(id);
    this.ends.set(id, stream.complete);
    if (this.ends.size <= MAX_ENDS) return;
    for (const oldest of this.ends.keys()) {
      this.ends.delete(oldest);
      this.state.dropStream(oldest);
      return;
    }
  }

  #complete(event: Extract<HubEvent, { type: "stream_complete" }>, seq: number, now: number): SequencedMessage | null {
    const stream = this.streams.get(event.stream_id);
    if (stream === undefined || stream.complete !== null) return null;
    stream.log.end();
    const firstText = stream.firstTextAt === null ? {} : { first_text_at: stream.firstTextAt };
    stream.complete = { ...event, ...firstText, seq, length: stream.log.length };
    this.#completed.push({ id: stream.id, at: now });
    return this.#push(stream.complete);
  }

  /** Every carrier shows the same payload: what JSON can say of it. */
  #publish(event: Extract<HubEvent, { type: "artifact_published" }>, seq: number): SequencedMessage {
    const { payload } = event.artifact;
    const json = toJson(payload);
    const text = json?.replace(LONE_SURROGATE, "$1\\ufffd") ?? null;
    const artifact =
      text !== null && text === json && isJson(payload)
        ? event.artifact
        : { ...event.artifact, payload: text === null ? { error: UNWRITABLE } : JSON.parse(text) };
    return this.#push({ ...event, artifact, seq }, text?.length ?? 0);
  }

  #push(event: SequencedMessage, payloadUnits = 0): SequencedMessage {
    if (payloadUnits > 0) this.#payloadUnits.set(event, payloadUnits);
    this.events.push(event, payloadUnits);
    this.state.push(event, payloadUnits);
    return event;
  }
}

/** As `JSON.stringify` writes it, after a backslash that was written twice or none. UTF-8 has no bytes for it. */
const LONE_SURROGATE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

const UNWRITABLE = "This payload cannot be written as JSON";

function toJson(payload: unknown): string | null {
  try {
    return JSON.stringify(payload) ?? "null";
  } catch {
    return null;
  }
}
