/** What differs in one row of sections, read from the page as it is rendered. */
import { type Differences, differences, type Stretch } from "./differences.js";
import { type PlacedWord, placedWords, rangesOf } from "./placed-words.js";

/** A section on the page; null where a text has none. */
export interface RenderedCell {
  readonly root: Node;
  readonly grows: boolean;
}

export interface CellDifferences {
  readonly ranges: readonly Range[];
  /** The words that are marked, as one phrase for each stretch of them. */
  readonly phrases: readonly string[];
  /** Why nothing is marked where something differs. */
  readonly unmarked: "long" | "other" | null;
}

const NOTHING: CellDifferences = { ranges: [], phrases: [], unmarked: null };

interface Compared {
  readonly of: string;
  readonly found: Differences | "long" | "other";
}

/** Finds the differences of a row again and again, and compares only texts that have changed since. */
export class RowDifferences {
  readonly #compared = new Map<number, Compared>();

  /**
   * For each cell what is marked in it: in the first, what none of the others has; in the others, what the first has
   * not. Sections of which there is only one in the row are not compared.
   */
  find(cells: readonly (RenderedCell | null)[]): readonly CellDifferences[] {
    const [base] = cells;
    if (base == null) return cells.map(() => NOTHING);
    const texts = cells.map((cell) => (cell === null ? null : { words: placedWords(cell.root), grows: cell.grows }));
    const first = texts[0] ?? { words: [], grows: false };
    const lacking: (readonly Stretch[])[] = [];
    const found = texts.map((text, column) => {
      if (column === 0 || text === null) return NOTHING;
      const compared = this.#compare(column, first, text);
      if (typeof compared === "string") return { ...NOTHING, unmarked: compared };
      lacking.push(compared.first);
      return marksOf(text.words, compared.second);
    });
    return [marksOf(first.words, shared(lacking)), ...found.slice(1)];
  }

  #compare(column: number, first: Placed, second: Placed): Differences | "long" | "other" {
    const [a, b] = [first, second].map(({ words, grows }) => ({ words: words.map(({ word }) => word), grows }));
    if (a === undefined || b === undefined) return "other";
    const of = JSON.stringify([a, b]);
    const before = this.#compared.get(column);
    if (before?.of === of) return before.found;
    const found = differences(a, b);
    this.#compared.set(column, { of, found });
    return found;
  }
}

interface Placed {
  readonly words: readonly PlacedWord[];
  readonly grows: boolean;
}

function marksOf(words: readonly PlacedWord[], stretches: readonly Stretch[]): CellDifferences {
  const parts = stretches.map(({ from, to }) => rangesOf(words.slice(from, to)));
  return { ranges: parts.flat(), phrases: parts.map((ranges) => ranges.join(" ")), unmarked: null };
}

/** The words that are in every one of the lists. */
function shared(lists: readonly (readonly Stretch[])[]): readonly Stretch[] {
  const [first, ...others] = lists;
  if (first === undefined) return [];
  return others.reduce<readonly Stretch[]>(
    (found, list) =>
      found.flatMap((one) =>
        list
          .map(({ from, to }) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) }))
          .filter(({ from, to }) => from < to),
      ),
    first,
  );
}
