import type { Clock } from "../../core/clock.js";

/** Text this often is smooth: viewers are flushed every 50 ms at most. */
const TICK_MS = 20;

/** Something to do at `due` (milliseconds of the clock). `run` sets the next `due`, or `Infinity` when it is over. It must not throw. */
export interface TickerJob {
  due: number;
  run(now: number): void;
  /** The clock was set back by `ms`. */
  shift(ms: number): void;
}

/** One timer for every demo stream of a clock: a timer for each token of each stream costs more than the text itself. */
export class Ticker {
  readonly #clock: Clock;
  readonly #jobs = new Set<TickerJob>();
  #timer: unknown;
  #wakeAt = Number.POSITIVE_INFINITY;
  #last: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.now();
  }

  add(job: TickerJob): void {
    if (this.#jobs.size === 0) this.#last = this.#clock.now();
    this.#jobs.add(job);
    this.#wake(job.due);
  }

  remove(job: TickerJob): void {
    this.#jobs.delete(job);
    if (this.#jobs.size === 0) this.#stop();
  }

  #wake(due: number): void {
    const now = this.#clock.now();
    const at = Math.max(due, now + TICK_MS);
    if (at >= this.#wakeAt) return;
    this.#stop();
    this.#wakeAt = at;
    this.#timer = this.#clock.setTimeout(() => this.#tick(), Math.ceil(at - now));
  }

  #stop(): void {
    if (this.#wakeAt !== Number.POSITIVE_INFINITY) this.#clock.clearTimeout(this.#timer);
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  #tick(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const setBack = this.#last - now;
    this.#last = now;
    let next = Number.POSITIVE_INFINITY;
    for (const job of this.#jobs) {
      if (setBack > 0) job.shift(setBack);
      if (job.due <= now) job.run(now);
      if (job.due === Number.POSITIVE_INFINITY) this.#jobs.delete(job);
      else next = Math.min(next, job.due);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#wake(next);
  }
}

const tickers = new WeakMap<Clock, Ticker>();

export function tickerOf(clock: Clock): Ticker {
  const known = tickers.get(clock);
  if (known !== undefined) return known;
  const ticker = new Ticker(clock);
  tickers.set(clock, ticker);
  return ticker;
}
