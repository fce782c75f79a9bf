/** The part of the fold that keeps the streams: their text, where it begins, and how they end. */
import type { StreamChunk, StreamComplete, StreamProgress, StreamReset, StreamStarted } from "./messages.js";
import { StreamText } from "./stream-text.js";
import type { Changes, StreamView, ViewState } from "./view-state.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The stream's entry of this batch, copied at its first change so that earlier views stay as they were. */
function draft(state: ViewState, changes: Changes, id: string): Mutable<StreamView> | undefined {
  const current = state.streams.get(id);
  if (current === undefined) return undefined;
  if (changes.streams.has(id)) return current;
  const copy = { ...current, revision: current.revision + 1 };
  state.streams.set(id, copy);
  changes.streams.add(id);
  return copy;
}

export function handleStreamStarted(state: ViewState, changes: Changes, message: StreamStarted): void {
  if (state.streams.has(message.stream_id)) return;
  state.streams.set(message.stream_id, {
    id: message.stream_id,
    started: message,
    status: "live",
    text: new StreamText(),
    revision: 0,
    length: 0,
    lostUnits: 0,
    lastReset: null,
    needsAttach: false,
    firstTextAt: null,
    lastTextAt: null,
    duration: null,
    usage: null,
    error: null,
  });
  changes.streams.add(message.stream_id);
}

export function handleStreamChunk(state: ViewState, changes: Changes, message: StreamChunk): void {
  state.receivedChars += message.chunk.length;
  const known = state.streams.get(message.stream_id);
  if (known === undefined) return;
  const end = known.text.end;
  if (message.offset + message.chunk.length <= end) return;
  const stream = draft(state, changes, message.stream_id);
  if (stream === undefined) return;
  if (message.offset > end) {
    stream.needsAttach = true;
    changes.needsAttach = true;
    stream.length = Math.max(stream.length, message.offset + message.chunk.length);
    return;
  }
  // What was sent during a replay is no measure of when the first text came.
  if (end === 0 && state.synced) stream.firstTextAt = message.timestamp;
  stream.text.append(message.offset === end ? message.chunk : message.chunk.slice(end - message.offset));
  stream.lastTextAt = message.timestamp;
  stream.length = Math.max(stream.length, stream.text.end);
  stream.needsAttach = false;
}

export function handleStreamReset(state: ViewState, changes: Changes, message: StreamReset): void {
  state.receivedChars += message.content.length;
  const stream = draft(state, changes, message.stream_id);
  if (stream === undefined) return;
  stream.text.replace(message.offset, message.content);
  stream.lostUnits = message.offset;
  stream.lastReset = { reason: message.reason, offset: message.offset };
  stream.length = Math.max(stream.length, stream.text.end);
  stream.needsAttach = false;
}

export function handleStreamProgress(state: ViewState, changes: Changes, message: StreamProgress): void {
  const known = state.streams.get(message.stream_id);
  if (known === undefined || known.status !== "live" || message.length <= known.length) return;
  const stream = draft(state, changes, message.stream_id);
  if (stream === undefined) return;
  if (stream.length === 0 && state.synced) stream.firstTextAt = message.timestamp;
  stream.length = message.length;
  stream.lastTextAt = message.timestamp;
}

export function handleStreamComplete(state: ViewState, changes: Changes, message: StreamComplete): void {
  if (state.streams.get(message.stream_id)?.status !== "live") return;
  const stream = draft(state, changes, message.stream_id);
  if (stream === undefined) return;
  if (message.full_content !== undefined) repair(stream, message.length, message.full_content);
  stream.status = message.status;
  stream.length = message.length;
  stream.duration = message.duration;
  stream.usage = message.usage ?? null;
  stream.error = message.error ?? null;
  stream.firstTextAt ??= message.first_text_at ?? null;
  stream.needsAttach = stream.text.end !== message.length;
  if (stream.needsAttach) changes.needsAttach = true;
}

/** Makes the held text agree with `content`, the last units of a stream of `length` units. */
function repair(stream: Mutable<StreamView>, length: number, content: string): void {
  const { text } = stream;
  const base = length - content.length;
  const overlap = Math.min(text.end, length) - Math.max(base, text.start);
  const agrees =
    text.end <= length &&
    text.end >= base &&
    text.start <= base &&
    (overlap <= 0 || text.slice(base) === content.slice(0, text.end - base));
  if (agrees) {
    text.append(content.slice(text.end - base));
    return;
  }
  text.replace(base, content);
  stream.lostUnits = base;
}
