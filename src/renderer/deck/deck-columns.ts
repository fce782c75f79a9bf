import type { Density } from "../state/preferences.js";

/** The widest in px that a tile is made to leave no hole: a line of 80 characters, or one of the wall. */
const WIDEST: Record<Density, number> = { reading: 572, comfortable: 572, compact: 492, wall: 240 };

export interface ColumnsInput {
  readonly density: Density;
  /** Of the deck, in px. */
  readonly width: number;
  /** Columns that there is room for. */
  readonly most: number;
  /** Rows that are in sight. */
  readonly rows: number;
  /** Tiles of the largest group. */
  readonly tiles: number;
}

/** As many columns as fill the rows that the tiles need anyway: 12 tiles make three rows of four, not of five, five and two. */
function balanced({ density, width, most, tiles }: ColumnsInput): number {
  const rows = Math.max(1, Math.ceil(tiles / most));
  const columns = Math.max(1, Math.ceil(tiles / rows), Math.ceil(width / WIDEST[density]));
  return Math.min(most, columns);
}

/**
 * How many columns the deck has. Tiles that come later move none that are there: the columns stay while the deck has its
 * size and its tiles only grow in number, unless that would push some out of sight.
 */
export class DeckColumns {
  #before: { readonly input: ColumnsInput; readonly columns: number } | undefined;

  next(input: ColumnsInput): number {
    const columns = this.#isKept(input) ?? balanced(input);
    this.#before = { input, columns };
    return columns;
  }

  #isKept({ density, width, most, rows, tiles }: ColumnsInput): number | undefined {
    const { input, columns = 1 } = this.#before ?? {};
    if (input?.density !== density || input.width !== width || input.most !== most) return undefined;
    if (input.tiles === 0 || tiles < input.tiles) return undefined;
    return Math.ceil(tiles / columns) <= Math.max(rows, Math.ceil(tiles / most)) ? columns : undefined;
  }
}
