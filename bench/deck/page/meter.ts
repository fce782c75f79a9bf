/** Counts what a deck does: updates of tiles, frames and long tasks, between two calls. */
interface Counts {
  updates: number;
  frames: number;
  longestTask: number;
}

const zero = (): Counts => ({ updates: 0, frames: 0, longestTask: 0 });
let counts = zero();
/** Those that had new text. */
const tiles = new Set<string>();
let since = 0;

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) counts.longestTask = Math.max(counts.longestTask, entry.duration);
}).observe({ type: "longtask" });

function frame(): void {
  counts.frames += 1;
  requestAnimationFrame(frame);
}

/** The tile of this stream has new text. */
export function countUpdate(id: string): void {
  counts.updates += 1;
  tiles.add(id);
}

export interface Measured extends Counts {
  readonly seconds: number;
  readonly tiles: number;
  readonly heapMegabytes: number;
}

export const meter = {
  /** Tiles that are whole in the window, but for a line of theirs. */
  inSight(): number {
    const { innerWidth, innerHeight } = window;
    return [...document.querySelectorAll("article")].filter((tile) => {
      const { left, top, right, bottom } = tile.getBoundingClientRect();
      return left >= -1 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight;
    }).length;
  },
  /** Whether every tile in sight has its text. */
  isDrawn(): boolean {
    return document.querySelector(".stream-body:empty") === null;
  },
  /** From now on. Each frame that is counted is one that the page might not have had: at 16 tiles a twentieth of what it costs. */
  countFrames(): void {
    requestAnimationFrame(frame);
  },
  reset(): void {
    counts = zero();
    tiles.clear();
    since = performance.now();
  },
  read(): Measured {
    const memory = (performance as { memory?: { usedJSHeapSize: number } }).memory;
    return {
      ...counts,
      tiles: tiles.size,
      seconds: (performance.now() - since) / 1000,
      heapMegabytes: (memory?.usedJSHeapSize ?? 0) / 1e6,
    };
  },
};
