/** Rates and sparklines of live streams: measured each second, and shown a few tiles a frame. */
import type { createStore } from "jotai/vanilla";
import type { ViewState } from "../../protocol/view-state.js";
import { NO_RATES, streamRatesAtom } from "./atoms.js";
import { RateMeter } from "./rates.js";

/** The figures and bars of a hundred, drawn at once, hold up a frame for 50 ms. */
const RATES_A_FRAME = 8;

export class StreamRates {
  readonly #store: ReturnType<typeof createStore>;
  readonly #view: ViewState;
  readonly #meter = new RateMeter();
  readonly #due = new Set<string>();

  constructor(store: ReturnType<typeof createStore>, view: ViewState) {
    this.#store = store;
    this.#view = view;
  }

  /** How many are due and not shown yet. */
  get waiting(): number {
    return this.#due.size;
  }

  /** A second has passed. */
  setDue(ids: Iterable<string>): void {
    for (const id of ids) this.#due.add(id);
  }

  /** Shows a few of those that are due. Returns whether these were the last. */
  showSome(now: number): boolean {
    if (this.#due.size === 0) return false;
    for (const id of [...this.#due].slice(0, RATES_A_FRAME)) {
      this.#due.delete(id);
      const stream = this.#view.streams.get(id);
      if (stream?.status !== "live") continue;
      this.#store.set(streamRatesAtom(id), this.#meter.sample(id, stream.length, now));
    }
    return this.#due.size === 0;
  }

  /** Nobody knows how fast anything is written now, and the last figures would stay. */
  stop(): void {
    this.clear();
    for (const id of this.#view.streams.keys()) this.#store.set(streamRatesAtom(id), NO_RATES);
  }

  clear(): void {
    this.#meter.clear();
    this.#due.clear();
  }

  forget(id: string): void {
    this.#meter.forget(id);
    this.#due.delete(id);
    streamRatesAtom.remove(id);
  }
}
