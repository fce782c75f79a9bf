import type { SequencedMessage, ServerMessage, StreamComplete } from "../protocol/index.js";
import type { HubViewer } from "./hub-viewer.js";
import { CATCH_UP_MESSAGES, CATCH_UP_UNITS } from "./limits.js";
import type { RelayStore } from "./relay-store.js";
import type { RelayStream } from "./relay-stream.js";

export interface Batch {
  readonly messages: ServerMessage[];
  /** Units of text in it, as an `ack` counts them. */
  units: number;
  /** Units of all that may be long in it: text, retained texts of ended streams, payloads. */
  weight: number;
  resets: number;
  /** Nothing more is missing: the viewer may fall in step. */
  done: boolean;
}

/**
 * The next part of what a viewer lacks of what has been flushed, moving its cursors past it. Attaching, coming back and
 * having been slow are the same: events in the order of their `seq`, a stream's missing text before its end, then the
 * missing text of the streams that are still open.
 */
export function nextBatch(store: RelayStore, viewer: HubViewer): Batch {
  const batch: Batch = { messages: [], units: 0, weight: 0, resets: 0, done: false };
  while (viewer.eventCursor < store.flushedSeq) {
    if (isFull(batch)) return batch;
    takeEvent(store, viewer, batch);
  }
  finishRebuild(store, viewer, batch);
  for (const stream of store.live) {
    if (stream.started.seq > store.flushedSeq) continue;
    if (isFull(batch)) return batch;
    if (viewer.follows(stream.id)) takeText(viewer, batch, stream, stream.flushed);
    else if (viewer.position(stream) < stream.flushed)
      batch.messages.push({
        type: "stream_progress",
        stream_id: stream.id,
        length: stream.flushed,
        timestamp: stream.lastTextAt,
      });
  }
  if (viewer.syncing) {
    batch.messages.push({ type: "sync_complete", seq: store.flushedSeq });
    viewer.syncing = false;
  }
  batch.done = true;
  return batch;
}

function isFull(batch: Batch): boolean {
  return batch.weight >= CATCH_UP_UNITS || batch.messages.length >= CATCH_UP_MESSAGES;
}

function takeEvent(store: RelayStore, viewer: HubViewer, batch: Batch): void {
  const event = store.nextEvent(viewer.eventCursor, viewer.rebuildTo);
  const next = event === undefined || event.seq > store.flushedSeq ? null : event;
  if (next === null || next.seq > viewer.rebuildTo) finishRebuild(store, viewer, batch);
  if (next === null) {
    viewer.eventCursor = store.flushedSeq;
    return;
  }
  takeOne(store, viewer, batch, next);
  viewer.eventCursor = next.seq;
}

/** A viewer that names a stream, or was sent its start, must learn its end even when the stream has left the state. */
function finishRebuild(store: RelayStore, viewer: HubViewer, batch: Batch): void {
  if (viewer.rebuildTo === 0) return;
  for (const id of [...viewer.held.keys()]) {
    const end = store.ends.get(id);
    if (end !== undefined && end.seq <= viewer.rebuildTo) takeEnd(store, viewer, batch, end);
  }
  viewer.rebuildTo = 0;
}

function takeOne(store: RelayStore, viewer: HubViewer, batch: Batch, event: SequencedMessage): void {
  if (event.type === "stream_complete") takeEnd(store, viewer, batch, event);
  else {
    if (event.type === "stream_started" && !viewer.held.has(event.stream_id)) viewer.held.set(event.stream_id, 0);
    batch.messages.push(event);
    batch.weight += store.payloadUnitsOf(event);
  }
}

function takeEnd(store: RelayStore, viewer: HubViewer, batch: Batch, end: StreamComplete): void {
  const { stream_id, agent_name, length } = end;
  const stream = store.streams.get(stream_id);
  if (stream === undefined) {
    const position = viewer.held.get(stream_id);
    // It came after this stream had left the state, and was never told of it.
    if (position === undefined) return;
    if (position < length) {
      batch.messages.push({
        type: "stream_reset",
        stream_id,
        agent_name,
        offset: length,
        content: "",
        reason: "truncated",
      });
      batch.resets += 1;
    }
    batch.messages.push({ ...end, full_content: "" });
  } else {
    const follows = viewer.follows(stream_id);
    if (follows) takeText(viewer, batch, stream, length);
    const mayOmit = viewer.sink.encoder.mayOmitFullContent && follows && !viewer.partial.has(stream_id);
    const told = mayOmit ? end : stream.completeWithText(end);
    batch.messages.push(told);
    batch.weight += told.full_content?.length ?? 0;
  }
  viewer.held.delete(stream_id);
  viewer.partial.delete(stream_id);
}

function takeText(viewer: HubViewer, batch: Batch, stream: RelayStream, to: number): void {
  const message = stream.text(viewer.position(stream), to, viewer.syncing ? "attached" : "lagged");
  if (message === null) return;
  batch.messages.push(message);
  viewer.held.set(stream.id, to);
  const { length } = message.type === "stream_chunk" ? message.chunk : message.content;
  batch.units += length;
  batch.weight += length;
  if (message.type === "stream_chunk") return;
  batch.resets += 1;
  viewer.partial.add(stream.id);
}
