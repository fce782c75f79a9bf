/**
 * Decides how many tiles may take new text in one frame, from what the last frames cost. Under load every tile is
 * slowed alike, because tiles wait in the order in which they became dirty; no frame becomes a long task.
 */
const FRAME_MS = 40;
/** Laying out and painting a frame costs about this much however few tiles changed; splitting saves none of it. */
const FIXED_MS = 8;
/** Fewer than this in a frame would mostly pay for frames. */
const FEWEST = 12;
const SMOOTHING = 0.2;

export class FrameBudget {
  #perTile = 0.4;

  /** How many tiles fit into the next frame. */
  get tiles(): number {
    return Math.max(FEWEST, Math.floor((FRAME_MS - FIXED_MS) / this.#perTile));
  }

  /** Milliseconds from the start of the frame to after its paint, for so many tiles. */
  spent(ms: number, tiles: number): void {
    if (tiles === 0) return;
    const each = Math.max(0.02, (ms - FIXED_MS) / tiles);
    this.#perTile += (Math.min(each, this.#perTile * 2) - this.#perTile) * SMOOTHING;
  }
}
