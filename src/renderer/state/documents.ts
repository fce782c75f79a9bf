/** The Markdown documents of the streams that are, or lately were, on screen. All others cost their text alone. */
import type { StreamView } from "../../protocol/view-state.js";
import { LiveDocument } from "../markdown/live-document.js";

interface Entry {
  readonly document: LiveDocument;
  /** Offset up to which the document has the text. */
  end: number;
  generation: number;
  finished: boolean;
}

/** UTF-16 units of documents kept for streams that no tile shows now, so that scrolling back costs nothing. */
const KEPT_UNITS = 5_000_000;

export class Documents {
  readonly #entries = new Map<string, Entry>();
  readonly #held = new Map<string, number>();

  /** The document of a stream, brought up to the text that is held. */
  of(stream: StreamView): LiveDocument {
    let entry = this.#entries.get(stream.id);
    if (entry === undefined) {
      entry = {
        document: new LiveDocument("", stream.text.start),
        end: stream.text.start,
        generation: stream.text.generation,
        finished: false,
      };
      this.#entries.set(stream.id, entry);
      this.#trim();
    }
    this.#bringUp(entry, stream);
    return entry.document;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** A tile shows the stream; the returned function ends that. */
  hold(id: string): () => void {
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    return () => {
      const left = (this.#held.get(id) ?? 1) - 1;
      if (left > 0) this.#held.set(id, left);
      else this.#held.delete(id);
      this.#trim();
    };
  }

  isHeld(id: string): boolean {
    return this.#held.has(id);
  }

  /** Ids of the streams that some tile shows, sorted. */
  held(): readonly string[] {
    return [...this.#held.keys()].sort();
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  #bringUp(entry: Entry, stream: StreamView): void {
    const { text } = stream;
    if (entry.generation !== text.generation || text.end < entry.end) {
      entry.document.reset(text.slice(), text.start);
      entry.generation = text.generation;
      entry.end = text.end;
      entry.finished = false;
    } else if (text.end > entry.end) {
      entry.document.append(text.slice(entry.end));
      entry.end = text.end;
    }
    if (stream.status !== "live" && !entry.finished && text.end >= stream.length) {
      entry.document.finish();
      entry.finished = true;
    }
  }

  #trim(): void {
    const spare = [...this.#entries].filter(([id]) => !this.#held.has(id));
    let units = spare.reduce((sum, [, { document }]) => sum + document.length, 0);
    for (const [id, { document }] of spare) {
      if (units <= KEPT_UNITS) return;
      this.#entries.delete(id);
      units -= document.length;
    }
  }
}
