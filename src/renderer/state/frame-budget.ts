/**
 * Decides how many tiles may take new text in one frame, from what the last frames cost. Under load every tile is
 * slowed alike, because tiles take turns. Work is spread over frames that a display of 60 Hz shows nearly all of. Where
 * that leaves a tile few updates, frames are longer, but no long task; where it leaves less than eight a second, a frame
 * grows until a key that is pressed would wait too long for its answer.
 *
 * It feels its way, a few tiles a frame: what frames cost varies more from one to the next than with their tiles, and a
 * line that is fitted through the last of them, while all are of one size, takes what a frame costs for what tiles do.
 */
/** Of 20, 24 and 28 ms at 64 tiles 19.3, 19.5 and 19.7 updates a second with 58, 57 and 56 frames; slower machines show less than fifty with 28. */
const FRAME_MS = 24;
/** Below so many updates a second for each tile, frames may take so long. */
const LONGER = [
  { updates: 8, ms: 85 },
  { updates: 16, ms: 30 },
];
/** So far above those a frame stays as long as it is, lest it go to and fro. */
const HOLD = 1.25;
const FEWEST = 12;
/** Until frames have told. */
const AT_FIRST = 40;
/** What a frame counts for among those before it. */
const WEIGHT = 0.15;
/** Beyond so many times what was expected, something else has held the frame up. */
const MOST_TIMES = 2;
/** How far one frame moves the number of tiles. */
const DOWN = 0.92;
const UP = 1.06;
/** How much of what a frame is too long or too short for is mended by the next. */
const GAIN = 0.25;
/** How far the number runs ahead of what frames have shown to be possible. */
const AHEAD = 2;
/** Frames longer than so many times `FRAME_MS` are not evened out: one frame fewer for all tiles is too great a step. */
const MOST_EVEN = 1.2;
/** The part of a frame that may be rendering. It is about a third; the rest is layout and paint. */
const RENDERING = 0.5;

/** One of so many frames of few tiles is looked at. */
const ASKED_OF_SMALL = 8;

export class FrameBudget {
  #most = AT_FIRST;
  #ms = FRAME_MS;
  #target = FRAME_MS;
  #small = 0;

  /** How many of `waiting` tiles to take into the next frame: rather two equal frames than a full one and a rest. */
  tiles(waiting: number): number {
    const most = Math.floor(this.#most);
    if (this.#ms > MOST_EVEN * FRAME_MS) return most;
    return Math.ceil(waiting / Math.max(1, Math.ceil(waiting / most)));
  }

  /** Whether to learn what a frame of so many tiles costs: asking takes a fiftieth of a small one, which tells nothing unless it is long. */
  asks(tiles: number): boolean {
    if (2 * tiles >= this.#most) return true;
    this.#small = (this.#small + 1) % ASKED_OF_SMALL;
    return this.#small === 0;
  }

  /** For so long a frame may render: one that is held up, as by the collector of garbage, then leaves the rest to the next. */
  get renderingMs(): number {
    return this.#target * RENDERING;
  }

  /**
   * Milliseconds from the start of the frame to after its paint, for `tiles` of those that were waiting. A frame that was
   * held up showed fewer than it was to: what stays for the next ones is the number that it began with.
   */
  spent(ms: number, tiles: number, waiting: number, began = tiles): void {
    if (tiles === 0) return;
    // A frame of few tiles tells nothing of full ones, unless it is long.
    if (2 * tiles < this.#most && ms < FRAME_MS) return;
    this.#ms += (Math.min(ms, MOST_TIMES * this.#ms) - this.#ms) * WEIGHT;
    const updates = ((began / waiting) * 1000) / this.#ms;
    this.#target = this.#wanted(updates);
    const step = Math.min(UP, Math.max(DOWN, (this.#target / this.#ms) ** GAIN));
    if (step < 1) this.#most = Math.max(FEWEST, Math.min(this.#most, began) * step);
    else this.#most = Math.max(this.#most, Math.min(this.#most * step, tiles * AHEAD));
  }

  /** Milliseconds that a frame should take, where each tile has so many updates a second. */
  #wanted(updates: number): number {
    const longer = LONGER.find((each) => updates < each.updates * HOLD);
    if (longer === undefined) return FRAME_MS;
    return updates < longer.updates ? longer.ms : Math.min(longer.ms, Math.max(FRAME_MS, this.#ms));
  }
}
