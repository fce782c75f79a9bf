import { FLUSH_INTERVAL_MS } from "./limits.js";
import type { Clock } from "./types.js";

export interface FlushClockOptions<Key> {
  readonly clock: Clock;
  readonly intervalMs?: number;
  /** Least time between a flush and the next one out of turn. Bounds frames a second when many keys are slow. */
  readonly gapMs?: () => number;
  readonly flush: (due: Key[]) => void;
}

interface Due {
  readonly at: number;
  /** On the shared grid; otherwise at once after quiet. */
  readonly tick: boolean;
}

/** A timer that fires later than this moves the grid instead of making up for the delay. */
const LATE_MS = 10;

/** A key may join a tick that comes this much before its interval is over, rather than miss it and wait for two. */
const SLACK_MS = 5;

/**
 * When each key (a stream, the events) is flushed. One that has been quiet for an interval is flushed at once; a busy
 * one waits for the next tick of a grid that all keys share, so that a hundred busy streams make one flush.
 * A key is flushed at most once an interval, give or take a few milliseconds. One timer, none while nothing is dirty.
 */
export class FlushClock<Key> {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #gap: () => number;
  readonly #flush: (due: Key[]) => void;
  readonly #due = new Map<Key, Due>();
  readonly #last = new Map<Key, number>();
  #lastFlush = Number.NEGATIVE_INFINITY;
  #grid = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;
  #timerDue = Number.POSITIVE_INFINITY;

  constructor(options: FlushClockOptions<Key>) {
    this.#clock = options.clock;
    this.#interval = options.intervalMs ?? FLUSH_INTERVAL_MS;
    this.#gap = options.gapMs ?? (() => 0);
    this.#flush = options.flush;
  }

  /** The key has something new. Cheap when it is dirty already. */
  touch(key: Key): void {
    if (this.#due.has(key)) return;
    const due = this.#dueOf(key, this.#clock.now());
    this.#due.set(key, due);
    this.#schedule(due.at);
  }

  /** The key is over; what it had is not flushed by this clock. */
  forget(key: Key): void {
    this.#due.delete(key);
    this.#last.delete(key);
  }

  /** The key was flushed out of turn. */
  flushed(key: Key): void {
    this.#due.delete(key);
    this.#last.set(key, this.#clock.now());
  }

  /** Everything dirty, now. */
  takeAll(): Key[] {
    const keys = [...this.#due.keys()];
    for (const key of keys) this.flushed(key);
    return keys;
  }

  dispose(): void {
    this.#due.clear();
    this.#last.clear();
    this.#stop();
  }

  #dueOf(key: Key, now: number): Due {
    const last = this.#last.get(key);
    if (last === undefined || now - last >= this.#interval)
      return { at: Math.max(now, this.#lastFlush + this.#gap()), tick: false };
    if (now - this.#grid > this.#interval) this.#grid = last;
    const ticks = Math.ceil((last + this.#interval - SLACK_MS - this.#grid) / this.#interval);
    return { at: this.#grid + ticks * this.#interval, tick: true };
  }

  #schedule(due: number): void {
    if (due >= this.#timerDue) return;
    this.#stop();
    this.#timerDue = due;
    this.#timer = this.#clock.setTimeout(() => this.#fire(), Math.max(0, due - this.#clock.now()));
  }

  #stop(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerDue = Number.POSITIVE_INFINITY;
  }

  #fire(): void {
    const now = this.#clock.now();
    this.#timer = null;
    this.#timerDue = Number.POSITIVE_INFINITY;
    const keys: Key[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [key, due] of this.#due) {
      if (due.at > now) {
        next = Math.min(next, due.at);
        continue;
      }
      keys.push(key);
      this.#due.delete(key);
      // A tick's planned time, not the actual one: a timer that is a millisecond late must not shift the grid.
      const at = due.tick && now - due.at <= LATE_MS ? due.at : now;
      this.#last.set(key, at);
      if (due.tick) this.#grid = at;
    }
    if (next < Number.POSITIVE_INFINITY) this.#schedule(next);
    if (keys.length === 0) return;
    this.#lastFlush = now;
    this.#flush(keys);
  }
}
