import { PROGRESS_INTERVAL_MS } from "./limits.js";
import type { RelayStream } from "./relay-stream.js";
import type { Timers } from "./timers.js";

/** Which streams' progress is told to those who do not follow them, and when: seldom, but never not at all. */
export class ProgressSweep {
  readonly #timers: Timers;
  readonly #flush: () => void;
  readonly #changed = new Set<RelayStream>();
  #last = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;

  /** `flush` is called when what changed is due and no other flush came by. */
  constructor(timers: Timers, flush: () => void) {
    this.#timers = timers;
    this.#flush = flush;
  }

  /** Notes that these streams grew. Returns what this flush is to tell. */
  take(grown: readonly RelayStream[], now: number): RelayStream[] {
    for (const stream of grown) this.#changed.add(stream);
    if (this.#changed.size === 0) return [];
    const wait = this.#last + PROGRESS_INTERVAL_MS - now;
    if (wait > 0) {
      this.#timer ??= this.#timers.start(wait, () => {
        this.#timer = null;
        this.#flush();
      });
      return [];
    }
    this.#last = now;
    const due = [...this.#changed];
    this.#changed.clear();
    return due;
  }

  /** Nobody needs to be told any more. */
  clear(): void {
    this.#changed.clear();
  }
}
