/**
 * Decides how many tiles may take new text in one frame, from what the last frames cost. Under load every tile is
 * slowed alike, because tiles take turns. Work is spread over frames that a display of 60 Hz shows nearly all of, as
 * long as each tile still gets its eight updates a second; beyond that a frame grows until a key that is pressed would
 * wait too long for its answer.
 */
/** Of 10 to 40 ms tried at 64 tiles, the longest with which fifty frames a second are shown. */
const FRAME_MS = 20;
const LONGEST_FRAME_MS = 85;
const LEAST_UPDATES_PER_SECOND = 8;
const FEWEST = 12;
/** What a frame counts for in the one after it. */
const MEMORY = 0.94;
/** Beyond so many times what was expected, something else has held the frame up. */
const MOST_TIMES = 2;
/** Until frames have told: one without a tile takes 6 ms, and a tile 0.4 ms. */
const PRIOR = [
  { tiles: 0, ms: 6 },
  { tiles: 40, ms: 22 },
];
/** How little of what tiles cost on average may be their own: the rest is the frame's, whatever changed in it. */
const LEAST_OWN_SHARE = 0.3;

export class FrameBudget {
  /** Sums over the last frames, each weighing less than the one after it. */
  #weight = 0;
  #tiles = 0;
  #ms = 0;
  #tilesSquared = 0;
  #product = 0;

  constructor() {
    for (const { tiles, ms } of PRIOR) this.#add(tiles, ms);
  }

  /** How many of `dirty` tiles fit into the next frame. */
  tiles(dirty: number): number {
    const { fixed, each } = this.#costs();
    const within = (ms: number) => Math.floor((ms - fixed) / each);
    // n tiles a frame of fixed + n × each ms are n / dirty updates a frame for each tile.
    const share = (dirty * LEAST_UPDATES_PER_SECOND) / 1000;
    const needed = share * each < 1 ? Math.ceil((share * fixed) / (1 - share * each)) : Number.POSITIVE_INFINITY;
    return Math.max(FEWEST, within(FRAME_MS), Math.min(needed, within(LONGEST_FRAME_MS)));
  }

  /** Milliseconds from the start of the frame to after its paint, for so many tiles. */
  spent(ms: number, tiles: number): void {
    if (tiles === 0) return;
    const { fixed, each } = this.#costs();
    this.#add(tiles, Math.min(ms, MOST_TIMES * (fixed + each * tiles)));
  }

  #add(tiles: number, ms: number): void {
    this.#weight = this.#weight * MEMORY + 1;
    this.#tiles = this.#tiles * MEMORY + tiles;
    this.#ms = this.#ms * MEMORY + ms;
    this.#tilesSquared = this.#tilesSquared * MEMORY + tiles * tiles;
    this.#product = this.#product * MEMORY + tiles * ms;
  }

  /** The straight line that fits the last frames best: milliseconds of a frame, and of each tile in it. */
  #costs(): { readonly fixed: number; readonly each: number } {
    const average = this.#ms / this.#tiles;
    const spread = this.#weight * this.#tilesSquared - this.#tiles * this.#tiles;
    const slope = (this.#weight * this.#product - this.#tiles * this.#ms) / Math.max(spread, 1);
    const each = Math.max(0.02, Math.min(average, Math.max(slope, average * LEAST_OWN_SHARE)));
    return { fixed: Math.max(0, (this.#ms - each * this.#tiles) / this.#weight), each };
  }
}
