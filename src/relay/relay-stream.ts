import type { StreamChunk, StreamComplete, StreamReset, StreamStarted } from "../protocol/index.js";
import { StreamLog } from "./stream-log.js";

/** One stream in the relay: its log, and how far the flushes have taken it. */
export class RelayStream {
  readonly id: string;
  readonly started: StreamStarted;
  readonly log: StreamLog;
  /** Everything before this offset has been flushed: the cursor of every viewer in step. */
  flushed = 0;
  /** Everything before this offset has been told to the recorder. */
  recorded = 0;
  /** How it ended, with its length and without its text; null while it is open. */
  complete: StreamComplete | null = null;
  /** When the oldest text that is not flushed yet was appended. */
  dirtySince: number | null = null;
  firstTextAt: number | null = null;
  lastTextAt: number;

  constructor(started: StreamStarted, capacity?: number) {
    this.id = started.stream_id;
    this.started = started;
    this.log = new StreamLog(capacity);
    this.lastTextAt = started.started_at;
  }

  /**
   * What brings a viewer from one offset to another: a chunk, or a reset where a chunk cannot. Null where nothing is
   * missing, or where the log has moved past `to` already (the next flush tells that).
   */
  text(
    from: number,
    to: number,
    reason: StreamReset["reason"],
    timestamp: number = this.lastTextAt,
  ): StreamChunk | StreamReset | null {
    const fits = from >= this.log.start && from <= to && !this.log.splitsPair(from);
    if (from === to && fits) return null;
    const { id: stream_id } = this;
    const { agent_name } = this.started;
    if (fits) {
      const chunk = this.log.read(from, to);
      // What a flush's chunks share stands together, and so does what the next flush repeats: the same text compressed
      // takes a fifth less.
      return { type: "stream_chunk", timestamp, offset: from, agent_name, stream_id, chunk };
    }
    const offset = this.log.start;
    if (offset > to) return null;
    return { type: "stream_reset", stream_id, agent_name, offset, content: this.log.read(offset, to), reason };
  }

  /** The end with the retained text. */
  completeWithText(complete: StreamComplete): StreamComplete {
    return { ...complete, full_content: this.log.read() };
  }
}
