/**
 * Decides how many tiles may take new text in one frame, from what the last frames cost. Under load every tile is
 * slowed alike, because tiles wait in the order in which they became dirty; no frame becomes a long task.
 */
const BUDGET_MS = 22;
const FEWEST = 3;
/** A commit costs this much whatever it holds; charged apart, so that small frames do not look dear. */
const FIXED_MS = 1.5;
const SMOOTHING = 0.2;

export class FrameBudget {
  #perTile = 0.5;

  /** How many tiles fit into the next frame. */
  get tiles(): number {
    return Math.max(FEWEST, Math.floor(BUDGET_MS / this.#perTile));
  }

  /** Main-thread milliseconds from the start of the frame to after its paint, for so many tiles. */
  spent(ms: number, tiles: number): void {
    if (tiles === 0) return;
    const each = Math.max(0.02, (ms - FIXED_MS) / tiles);
    this.#perTile += (Math.min(each, this.#perTile * 4) - this.#perTile) * SMOOTHING;
  }
}
