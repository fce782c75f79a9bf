import type { Progress } from "./sse-frame.js";

/** A place in the flow of messages from which `attach` resumes without loss: the last event, and each open stream's text. */
export interface Position {
  readonly seq: number | undefined;
  readonly cursors: Readonly<Record<string, number>>;
}

interface Step {
  readonly progress: Progress;
}

/**
 * The positions behind the last `capacity` events of one connection. Older ones are folded into the base, the earliest
 * position that can still be told.
 */
export class PositionJournal {
  readonly #capacity: number;
  #baseEvent = 0;
  #baseSeq: number | undefined;
  readonly #base = new Map<string, number>();
  #steps: Step[] = [];
  /** Steps at the front that are folded already; the array is cut when half of it is. */
  #folded = 0;

  constructor(capacity: number, start: Position = { seq: undefined, cursors: {} }) {
    this.#capacity = capacity;
    this.#baseSeq = start.seq;
    for (const [stream, offset] of Object.entries(start.cursors)) this.#base.set(stream, offset);
  }

  /** The number of the last event; the first one is 1. */
  get lastEvent(): number {
    return this.#baseEvent + this.#steps.length - this.#folded;
  }

  push(progress: Progress): number {
    this.#steps.push({ progress });
    if (this.#steps.length - this.#folded > this.#capacity) {
      const oldest = this.#steps[this.#folded];
      if (oldest) this.#fold(oldest.progress);
      this.#folded += 1;
      if (this.#folded * 2 > this.#steps.length) {
        this.#steps = this.#steps.slice(this.#folded);
        this.#folded = 0;
      }
    }
    return this.lastEvent;
  }

  /** The position after an event, if it is still known. */
  at(event: number): Position | undefined {
    if (event < this.#baseEvent || event > this.lastEvent) return undefined;
    const cursors = new Map(this.#base);
    let seq = this.#baseSeq;
    for (const { progress } of this.#steps.slice(this.#folded, this.#folded + event - this.#baseEvent)) {
      seq = apply(cursors, seq, progress);
    }
    return { seq, cursors: Object.fromEntries(cursors) };
  }

  #fold(progress: Progress): void {
    this.#baseSeq = apply(this.#base, this.#baseSeq, progress);
    this.#baseEvent += 1;
  }
}

function apply(cursors: Map<string, number>, seq: number | undefined, progress: Progress): number | undefined {
  if (progress.stream !== undefined && progress.offset !== undefined) {
    if (progress.closes) cursors.delete(progress.stream);
    else if (!progress.opens || !cursors.has(progress.stream)) cursors.set(progress.stream, progress.offset);
  }
  return progress.seq ?? seq;
}
