/** What is recorded, in the order in which it happened: events as the relay numbered them, and the text in between. */
import type { SequencedMessage } from "../protocol/index.js";

/** `at`: milliseconds since 1970, when it was recorded. */
export interface EventEntry {
  readonly at: number;
  readonly event: SequencedMessage;
}

/** Text of one stream. `offset` counts UTF-16 units from the stream's beginning; a gap is told by it. */
export interface TextEntry {
  /** When the first unit of `text` came. */
  readonly at: number;
  readonly stream_id: string;
  readonly offset: number;
  readonly text: string;
}

export type Entry = EventEntry | TextEntry;

/** What a recording tells of itself. Written when it begins; `ended_at` when it ends as it should. */
export interface SessionFacts {
  /** Of the process that recorded: ids are unique in it. */
  readonly epoch: string;
  /** The flock's name. */
  readonly flock: string;
  /** Absolute path of the flock file; null for a flock that is not a file. */
  readonly path: string | null;
  /** Milliseconds since 1970. */
  readonly started_at: number;
  readonly ended_at: number | null;
  /** Process that records; tells a recording that goes on from one that was cut off. */
  readonly pid: number;
  /** The `hello` that viewers got, as JSON. */
  readonly hello: string;
}

/** Where a recorder's batches go. */
export interface HistoryWriter {
  /**
   * Resolves when the batch is on the disk; rejects where it cannot be written.
   * @param batch as `packBatch` makes it; it is the writer's from then on
   */
  write(batch: Uint8Array): Promise<void>;
  /** Sets some of the facts; the first call sets all. */
  tell(facts: Partial<SessionFacts>): Promise<void>;
  close(): Promise<void>;
}
