/** Segments grow to about this many units before a new one starts; an append never copies more than that. */
const SEGMENT_UNITS = 4096;
/** The last one stays shorter until it is added to the one before: whoever reads what is new has all of it copied. */
const LAST_UNITS = 256;

interface Segment {
  readonly offset: number;
  text: string;
}

/**
 * The text of one stream as a viewer holds it: the units from `start` to `end`, in segments, so that an append costs
 * what is new. Mutable and shared by every state of its stream: remember `end` (and `generation`) to know what is new.
 */
export class StreamText {
  #segments: Segment[] = [];
  #start = 0;
  #end = 0;
  #generation = 0;

  /** Offset of the first held unit; what lies before it is not held. */
  get start(): number {
    return this.#start;
  }

  /** Offset after the last held unit: the cursor to attach with. */
  get end(): number {
    return this.#end;
  }

  /** Grows by one each time the text was replaced, so that what was derived from it must be derived anew. */
  get generation(): number {
    return this.#generation;
  }

  append(text: string): void {
    if (text === "") return;
    const last = this.#segments.at(-1);
    if (last !== undefined && last.text.length + text.length <= LAST_UNITS) last.text += text;
    else {
      this.#joinLast();
      this.#segments.push({ offset: this.#end, text });
    }
    this.#end += text.length;
  }

  /** Holds `text` alone, beginning at `offset`. */
  replace(offset: number, text: string): void {
    this.#segments = text === "" ? [] : [{ offset, text }];
    this.#start = offset;
    this.#end = offset + text.length;
    this.#generation += 1;
  }

  /** The held units between two offsets. Reading the newest text costs its length, not that of the stream. */
  slice(from = this.#start, to = this.#end): string {
    let index = this.#indexOf(from);
    let out = "";
    for (; index < this.#segments.length; index++) {
      const segment = this.#segments[index];
      if (segment === undefined || segment.offset >= to) break;
      out += segment.text.slice(Math.max(0, from - segment.offset), to - segment.offset);
    }
    return out;
  }

  toString(): string {
    return this.slice();
  }

  #joinLast(): void {
    const [before, last] = this.#segments.slice(-2);
    if (before === undefined || last === undefined) return;
    if (before.text.length + last.text.length > SEGMENT_UNITS) return;
    before.text += last.text;
    this.#segments.pop();
  }

  /** Index of the segment that holds `offset`, or of the first one after it. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const segment = this.#segments[middle];
      if (segment !== undefined && segment.offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
