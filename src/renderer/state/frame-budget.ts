/**
 * Decides how many tiles may take new text in one frame, from what the last frames cost. Under load every tile is
 * slowed alike, because tiles wait in the order in which they became dirty. A frame stays below a long task as long
 * as each tile still gets its eight updates a second; beyond that, the updates come first.
 */
const FRAME_MS = 40;
/** Laying out and painting a frame costs about this much however few tiles changed, and more the more there are. */
const FIXED_MS = 6;
const FIXED_MS_PER_TILE = 0.08;
const FEWEST = 12;
const LEAST_UPDATES_PER_SECOND = 8;
const LONGEST_FRAME_MS = 250;
const SMOOTHING = 0.2;

export class FrameBudget {
  #perTile = 0.4;
  #frameMs = 16;

  /** How many of `dirty` tiles fit into the next frame, of `shown` that are on screen. */
  tiles(dirty: number, shown: number): number {
    const affordable = Math.floor((FRAME_MS - this.#fixed(shown)) / this.#perTile);
    const needed = Math.ceil((dirty * LEAST_UPDATES_PER_SECOND * this.#frameMs) / 1000);
    return Math.max(FEWEST, affordable, needed);
  }

  /** Milliseconds from the start of the frame to after its paint, for so many tiles of `shown`. */
  spent(ms: number, tiles: number, shown: number): void {
    if (tiles === 0) return;
    const each = Math.max(0.02, (ms - this.#fixed(shown)) / tiles);
    this.#perTile += (Math.min(each, this.#perTile * 2) - this.#perTile) * SMOOTHING;
    this.#frameMs += (Math.min(ms, LONGEST_FRAME_MS) - this.#frameMs) * SMOOTHING;
  }

  #fixed(shown: number): number {
    return FIXED_MS + FIXED_MS_PER_TILE * shown;
  }
}
