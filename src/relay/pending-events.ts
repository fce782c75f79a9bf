import type { SequencedMessage } from "../protocol/index.js";
import type { RelayStore } from "./relay-store.js";
import type { RelayStream } from "./relay-stream.js";

interface Taken {
  readonly events: SequencedMessage[];
  readonly streams: RelayStream[];
  /** Those of `streams` that were due at an earlier flush, and had to wait for their start to be told. */
  readonly late: RelayStream[];
}

/**
 * The events that no flush has told yet. They leave in the order of their `seq`. The end of a stream waits until its
 * last text is due, because a stream is flushed no more than once an interval, at its end as well.
 */
export class PendingEvents {
  readonly #store: RelayStore;
  #events: SequencedMessage[] = [];
  readonly #waiting = new Set<RelayStream>();

  constructor(store: RelayStore) {
    this.#store = store;
  }

  get length(): number {
    return this.#events.length;
  }

  push(event: SequencedMessage): void {
    this.#events.push(event);
  }

  /** What this flush may tell, given the streams that are due. With `all`, no event waits. */
  take(due: readonly RelayStream[], which: "due" | "all"): Taken {
    const late = [...this.#waiting].filter((stream) => !due.includes(stream));
    const candidates = new Set([...due, ...late]);
    const count = which === "all" ? this.#events.length : this.#releasable(candidates);
    const events = count === this.#events.length ? this.#events : this.#events.slice(0, count);
    this.#events = count === this.#events.length ? [] : this.#events.slice(count);
    const told = events[events.length - 1]?.seq ?? this.#store.flushedSeq;
    const streams: RelayStream[] = [];
    this.#waiting.clear();
    for (const stream of candidates) {
      if (stream.started.seq <= told) streams.push(stream);
      else this.#waiting.add(stream);
    }
    return { events, streams, late: late.filter((stream) => !this.#waiting.has(stream)) };
  }

  #releasable(due: ReadonlySet<RelayStream>): number {
    for (const [index, event] of this.#events.entries()) {
      if (event.type !== "stream_complete") continue;
      const stream = this.#store.streams.get(event.stream_id);
      if (stream !== undefined && stream.flushed < stream.log.length && !due.has(stream)) return index;
    }
    return this.#events.length;
  }
}
