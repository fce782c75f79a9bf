import type { SequencedMessage } from "../protocol/index.js";
import { packBatch } from "./batch.js";
import type { EventEntry, HistoryWriter, SessionFacts } from "./entry.js";

/** How long what is to be written may wait. A crash loses no more than this and the write under way. */
export const WRITE_INTERVAL_MS = 250;
/** Text of a stream that comes within this time is one entry: a replay is no finer. */
export const SLICE_MS = 100;
/** While so many units of text wait for a disk that does not keep up, further text is left out; its gap is told by offsets. */
export const MAX_WAITING_UNITS = 16 * 1024 * 1024;

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
  #waiting: (EventEntry | Slice)[] = [];
  readonly #open = new Map<string, Slice>();
  #waitingUnits = 0;
  #timer: unknown = null;
  #writing: Promise<void> | null = null;
  #hasBegun = false;
  #isOver = false;
  #isClosing = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** True once it is closed or is being closed, or nothing more can be written. */
  get isOver(): boolean {
    return this.#isOver || this.#isClosing;
  }

  event(event: SequencedMessage): void {
    if (this.isOver) return;
    if (event.type === "stream_complete") this.#open.delete(event.stream_id);
    this.#waiting.push({ at: this.#options.clock.now(), event });
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
    while (!this.#isOver && (this.#waiting.length > 0 || this.#writing !== null)) await this.#write();
  }

  /** Writes the rest and ends the recording. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
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
    const batch = packBatch(this.#waiting);
    this.#waiting = [];
    this.#open.clear();
    this.#waitingUnits = 0;
    try {
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
