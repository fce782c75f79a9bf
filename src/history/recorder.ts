import type { SequencedMessage } from "../protocol/index.js";
import { type PackedEntry, packBatch, packedEntry } from "./batch.js";
import type { HistoryWriter, SessionFacts } from "./entry.js";

/** How long what is to be written may wait. A crash loses no more than this and the write under way. */
export const WRITE_INTERVAL_MS = 250;
/** Text of a stream that comes within this time is one entry: a replay is no finer. */
export const SLICE_MS = 100;
/** While so many units of text wait for a disk that does not keep up, further text is left out; its gap is told by offsets. */
export const MAX_WAITING_UNITS = 16 * 1024 * 1024;

/** And while so much waits, nothing more is recorded: events cannot be left out. */
export const MOST_WAITING_UNITS = 4 * MAX_WAITING_UNITS;
const MOST_WAITING_ENTRIES = 1_000_000;

export interface RecorderClock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export interface RecorderOptions {
  readonly writer: HistoryWriter;
  readonly clock: RecorderClock;
  /** Asked when the first event comes. */
  readonly facts: () => SessionFacts;
  /** Told once, when nothing more can be written; the flock goes on. Must not throw. */
  readonly onFault: (error: Error) => void;
}

/** Text of one stream that is still being put together. */
interface Slice {
  readonly at: number;
  readonly stream_id: string;
  readonly offset: number;
  text: string;
}

/**
 * Write-behind: takes what happens at once, in memory, and writes it in batches, one at a time. Never throws, never
 * slows a run. What is recorded stays in order, so that a stream's text comes before its end.
 */
export class HistoryRecorder {
  readonly #options: RecorderOptions;
  /** Events, and slices that may still grow. */
  #waiting: (PackedEntry | Slice)[] = [];
  readonly #open = new Map<string, Slice>();
  #waitingUnits = 0;
  #timer: unknown = null;
  #writing: Promise<void> | null = null;
  #hasBegun = false;
  #isOver = false;
  #closing: Promise<void> | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** True once it is closed or is being closed, or nothing more can be written. */
  get isOver(): boolean {
    return this.#isOver || this.#closing !== null;
  }

  event(event: SequencedMessage): void {
    if (this.isOver) return;
    if (event.type === "stream_complete") this.#open.delete(event.stream_id);
    const entry = packedEntry(this.#options.clock.now(), event);
    if ("json" in entry) this.#waitingUnits += entry.json.length;
    this.#waiting.push(entry);
    if (this.#waitingUnits > MOST_WAITING_UNITS || this.#waiting.length > MOST_WAITING_ENTRIES) {
      this.#fail(new Error("the disk does not keep up"));
      return;
    }
    this.#schedule();
  }

  /** Text of an open stream, well formed; `offset` counts UTF-16 units from the stream's beginning. */
  text(streamId: string, offset: number, text: string): void {
    if (this.isOver || this.#waitingUnits > MAX_WAITING_UNITS) return;
    this.#waitingUnits += text.length;
    const at = this.#options.clock.now();
    const slice = this.#open.get(streamId);
    if (slice !== undefined && at - slice.at < SLICE_MS && slice.offset + slice.text.length === offset) {
      slice.text += text;
      return;
    }
    const next = { at, stream_id: streamId, offset, text };
    this.#open.set(streamId, next);
    this.#waiting.push(next);
    this.#schedule();
  }

  /** Resolves when all that has been recorded so far is on the disk, or cannot be. */
  async flush(): Promise<void> {
    // A batch that begins from now on has all of it, whatever comes meanwhile.
    await this.#writing;
    if (!this.#isOver && this.#waiting.length > 0) await this.#write();
  }

  /** Writes the rest and ends the recording. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.flush();
    const { writer, clock } = this.#options;
    if (this.#hasBegun && !this.#isOver)
      await writer.tell({ ended_at: clock.now() }).catch((error) => this.#fail(error));
    this.#end();
    await writer.close().catch(() => undefined);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#writing !== null) return;
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = null;
      void this.#write();
    }, WRITE_INTERVAL_MS);
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
    const { writer, facts } = this.#options;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#open.clear();
    this.#waitingUnits = 0;
    try {
      const batch = packBatch(entries);
      if (!this.#hasBegun) {
        this.#hasBegun = true;
        await writer.tell(facts());
      }
      await writer.write(batch);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.onFault(error instanceof Error ? error : new Error(String(error)));
  }

  #end(): void {
    this.#isOver = true;
    this.#waiting = [];
    this.#open.clear();
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
