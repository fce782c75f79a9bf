import type { SequencedMessage, ServerMessage, StreamChunk, StreamComplete, StreamReset } from "../protocol/index.js";
import type { RelayStream } from "./relay-stream.js";

type Item =
  | { readonly kind: "event"; readonly event: SequencedMessage }
  | { readonly kind: "text"; readonly stream: RelayStream; readonly message: StreamChunk | StreamReset }
  | { readonly kind: "end"; readonly stream: RelayStream; readonly end: StreamComplete; whole: StreamComplete | null };

/**
 * What one flush says: the events that are due, and each due stream's new text, which comes before the stream's end.
 * Made once; every group of viewers takes its messages from it.
 */
export class FlushPlan {
  readonly started: RelayStream[] = [];
  readonly ended: RelayStream[] = [];
  /** Streams of which even viewers in step missed text, because more came within a flush than is retained. */
  readonly reset: RelayStream[] = [];
  readonly #items: Item[] = [];
  readonly #progress: readonly RelayStream[];
  readonly #now: number;

  constructor(
    events: readonly SequencedMessage[],
    due: Iterable<RelayStream>,
    progress: readonly RelayStream[],
    streams: ReadonlyMap<string, RelayStream>,
    now: number,
  ) {
    this.#progress = progress;
    // One time for all of a flush: a hundred different ones would be a fifth of a compressed frame.
    this.#now = Math.round(now);
    const ended = new Set<RelayStream>();
    for (const event of events) {
      const stream = "stream_id" in event ? streams.get(event.stream_id) : undefined;
      if (event.type === "stream_complete" && stream !== undefined) {
        this.#addText(stream);
        this.#items.push({ kind: "end", stream, end: event, whole: null });
        ended.add(stream);
        this.ended.push(stream);
        continue;
      }
      if (stream !== undefined) this.started.push(stream);
      this.#items.push({ kind: "event", event });
    }
    for (const stream of due) if (!ended.has(stream)) this.#addText(stream);
  }

  #addText(stream: RelayStream): void {
    const message = stream.text(stream.flushed, stream.log.length, "lagged", this.#now);
    if (message === null) return;
    if (message.type === "stream_reset") this.reset.push(stream);
    this.#items.push({ kind: "text", stream, message });
  }

  /** Moves the streams' cursors past what this flush says. */
  commit(): void {
    for (const item of this.#items) {
      if (item.kind !== "text") continue;
      item.stream.flushed = item.stream.log.length;
      item.stream.dirtySince = null;
    }
  }

  /** When the oldest text of this flush was appended; null where it has none. */
  oldestText(): number | null {
    let oldest: number | null = null;
    for (const item of this.#items) {
      if (item.kind !== "text" || item.stream.dirtySince === null) continue;
      oldest = oldest === null ? item.stream.dirtySince : Math.min(oldest, item.stream.dirtySince);
    }
    return oldest;
  }

  /**
   * The messages for viewers with this focus. `omitContent`: they negotiated so, and have received every unit of the
   * streams that they follow.
   */
  messages(focus: ReadonlySet<string> | null, omitContent: boolean): { messages: ServerMessage[]; units: number } {
    const messages: ServerMessage[] = [];
    let units = 0;
    for (const item of this.#items) {
      if (item.kind === "event") {
        messages.push(item.event);
        continue;
      }
      const follows = focus === null || focus.has(item.stream.id);
      if (item.kind === "end") {
        if (omitContent && follows && !this.reset.includes(item.stream)) messages.push(item.end);
        else {
          item.whole ??= item.stream.completeWithText(item.end);
          messages.push(item.whole);
        }
      } else if (follows) {
        messages.push(item.message);
        units += item.message.type === "stream_chunk" ? item.message.chunk.length : item.message.content.length;
      }
    }
    if (focus !== null) this.#addProgress(messages, focus);
    return { messages, units };
  }

  #addProgress(messages: ServerMessage[], focus: ReadonlySet<string>): void {
    for (const stream of this.#progress) {
      if (stream.complete !== null || focus.has(stream.id)) continue;
      messages.push({
        type: "stream_progress",
        stream_id: stream.id,
        length: stream.log.length,
        timestamp: this.#now,
      });
    }
  }
}
