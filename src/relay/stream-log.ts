import { RETAINED_UNITS } from "./limits.js";

/** Appends merge into segments of about this size, so that neither an append nor a read touches the whole text. */
const SEGMENT_UNITS = 4096;

const ANY_SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

interface Segment {
  readonly offset: number;
  text: string;
}

/**
 * The last `capacity` UTF-16 units of one stream. Offsets count from the stream's beginning.
 * Neither `start` nor `length` ever lies inside a surrogate pair: half a pair at the end of an append waits for its
 * other half, and half a pair that never gets one becomes U+FFFD, the same for every carrier.
 */
export class StreamLog {
  readonly #capacity: number;
  #segments: Segment[] = [];
  #start = 0;
  #length = 0;
  #heldHighSurrogate = "";

  constructor(capacity: number = RETAINED_UNITS) {
    this.#capacity = capacity;
  }

  /** Offset of the first retained unit. */
  get start(): number {
    return this.#start;
  }

  /** Units appended since the beginning, retained or not. */
  get length(): number {
    return this.#length;
  }

  /** Costs what is new, not what is retained. */
  append(text: string): void {
    this.#store(this.#wellFormed(text));
  }

  /** No more text will come. */
  end(): void {
    if (this.#heldHighSurrogate === "") return;
    this.#heldHighSurrogate = "";
    this.#store("\ufffd");
  }

  /** The retained units between two offsets. */
  read(from: number = this.#start, to: number = this.#length): string {
    let out = "";
    for (let index = this.#indexOf(Math.max(from, this.#start)); index < this.#segments.length; index++) {
      const segment = this.#segments[index];
      if (segment === undefined || segment.offset >= to) break;
      const begin = Math.max(from, this.#start) - segment.offset;
      out += segment.text.slice(Math.max(0, begin), to - segment.offset);
    }
    return out;
  }

  /** Whether text sent from here would begin with the second half of a pair. */
  splitsPair(offset: number): boolean {
    return offset > this.#start && offset < this.#length && isLowSurrogate(this.read(offset, offset + 1));
  }

  #wellFormed(text: string): string {
    let joined = this.#heldHighSurrogate + text;
    this.#heldHighSurrogate = "";
    if (!ANY_SURROGATE.test(joined)) return joined;
    const last = joined.charCodeAt(joined.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#heldHighSurrogate = joined.slice(-1);
      joined = joined.slice(0, -1);
    }
    return joined.replace(LONE_SURROGATE, "\ufffd");
  }

  #store(text: string): void {
    if (text === "") return;
    let offset = this.#length;
    this.#length += text.length;
    let kept = text;
    if (text.length > this.#capacity) {
      // A join copies; a slice alone would keep all of a huge text alive.
      kept = [text.slice(-this.#capacity, -1), text.slice(-1)].join("");
      offset = this.#length - kept.length;
      this.#segments = [];
    }
    const last = this.#segments[this.#segments.length - 1];
    if (last !== undefined && last.text.length + kept.length <= SEGMENT_UNITS) last.text += kept;
    else this.#segments.push({ offset, text: kept });
    this.#truncate();
  }

  #truncate(): void {
    const start = this.#length - this.#capacity;
    if (start <= this.#start) return;
    this.#start = start;
    while (this.#segments.length > 0) {
      const [first] = this.#segments;
      if (first === undefined) break;
      if (first.offset + first.text.length > this.#start) {
        if (isLowSurrogate(first.text.charAt(this.#start - first.offset))) this.#start += 1;
        break;
      }
      this.#segments.shift();
    }
  }

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

function isLowSurrogate(unit: string): boolean {
  return unit >= "\udc00" && unit <= "\udfff";
}
