/**
 * Whose turn it is to be drawn for the first time. A hundred tiles that appear together, as a view comes back or a
 * viewer comes late, take seconds to draw: one by one, each frame ends in time, and a key is answered between them.
 */
export class DrawTurns {
  readonly #waiting = new Set<() => void>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Returns what takes it back. */
  add(draw: () => void): () => void {
    this.#waiting.add(draw);
    return () => this.#waiting.delete(draw);
  }

  /** Draws one, and more while `hasTime`, in the order in which they came. Returns how many. */
  take(draw: (one: () => void) => void, hasTime: () => boolean): number {
    let drawn = 0;
    for (const one of this.#waiting) {
      if (drawn > 0 && !hasTime()) break;
      this.#waiting.delete(one);
      draw(one);
      drawn += 1;
    }
    return drawn;
  }
}
