import { UNITS_PER_TOKEN } from "../ui/format.js";

/** Seconds that a sparkline shows. */
export const RATE_HISTORY = 24;

/** Turns lengths, sampled once a second, into tokens a second. */
export class RateMeter {
  readonly #streams = new Map<string, { length: number; at: number; rates: readonly number[] }>();

  /** The history with one figure more; `at` in milliseconds. The first sample of a stream only sets its mark. */
  sample(id: string, length: number, at: number): readonly number[] {
    const before = this.#streams.get(id);
    if (before === undefined) {
      this.#streams.set(id, { length, at, rates: [] });
      return [];
    }
    const seconds = (at - before.at) / 1000;
    if (seconds < 0.2) return before.rates;
    const rate = Math.max(0, length - before.length) / UNITS_PER_TOKEN / seconds;
    const rates = [...before.rates.slice(1 - RATE_HISTORY), rate];
    this.#streams.set(id, { length, at, rates });
    return rates;
  }

  forget(id: string): void {
    this.#streams.delete(id);
  }

  clear(): void {
    this.#streams.clear();
  }
}

/** The mean of the last three figures: steady enough to read, quick enough to be true. */
export function presentRate(rates: readonly number[]): number {
  const last = rates.slice(-3);
  return last.length === 0 ? 0 : last.reduce((sum, rate) => sum + rate, 0) / last.length;
}
