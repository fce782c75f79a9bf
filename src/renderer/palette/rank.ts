import { defaultFilter } from "cmdk";

/** Abbreviations score 0.02 and more; letters that happen to be scattered over a long path, less than 0.004. */
const LEAST = 0.01;

/**
 * How well an entry fits what was typed, from 0 to 1; 0 leaves it out. Entries that have the very words come before those
 * that have their letters in order.
 */
export function rank(value: string, typed: string): number {
  const at = value.toLowerCase().indexOf(typed.trim().toLowerCase());
  const fuzzy = defaultFilter(value, typed);
  if (at < 0) return fuzzy < LEAST ? 0 : fuzzy / 2;
  return at === 0 ? 0.9 + fuzzy / 10 : 0.6 + fuzzy / 10;
}
