/**
 * Whose turn it is to be shown new text. Tiles take turns in the order in which they lie on the page, from its top to
 * its end, and a frame never goes past the end and on at the top: a browser draws again all that lies between the first
 * and the last tile that changed, so that neighbours cost less than tiles far apart.
 */
export class TextTurns {
  readonly #waiting = new Set<string>();
  /** The place up to which this turn of the page has come. */
  #reached = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#waiting.size;
  }

  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  add(id: string): void {
    this.#waiting.add(id);
  }

  delete(id: string): void {
    this.#waiting.delete(id);
  }

  /** Takes at most so many. `places` tells where tiles lie, from 0 at the top on; what has no place is at the end. */
  take(most: number, places: ReadonlyMap<string, number>): readonly string[] {
    const waiting = [...this.#waiting].map((id) => ({ id, place: places.get(id) ?? places.size }));
    waiting.sort((one, other) => one.place - other.place);
    const below = waiting.filter(({ place }) => place > this.#reached);
    const turn = below.length > 0 ? below : waiting;
    const taken = turn.slice(0, most);
    this.#reached = taken.length < turn.length ? (taken.at(-1)?.place ?? 0) : Number.NEGATIVE_INFINITY;
    for (const { id } of taken) this.#waiting.delete(id);
    return taken.map(({ id }) => id);
  }

  /** Those at the end of what was taken that there was no time for: they are the next. */
  giveBack(ids: readonly string[], places: ReadonlyMap<string, number>): void {
    const [first] = ids;
    if (first === undefined) return;
    for (const id of ids) this.#waiting.add(id);
    this.#reached = (places.get(first) ?? places.size) - 0.5;
  }
}
