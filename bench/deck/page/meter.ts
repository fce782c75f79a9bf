/** Counts what a deck does: updates of tiles, frames and long tasks, between two calls. */
interface Counts {
  updates: number;
  frames: number;
  longestTask: number;
}

const zero = (): Counts => ({ updates: 0, frames: 0, longestTask: 0 });
let counts = zero();
let since = 0;

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) counts.longestTask = Math.max(counts.longestTask, entry.duration);
}).observe({ type: "longtask" });

let counting = true;
function frame(): void {
  counts.frames += 1;
  if (counting) requestAnimationFrame(frame);
}
requestAnimationFrame(frame);

/** A tile has new text on screen. */
export function countUpdate(): void {
  counts.updates += 1;
}

export interface Measured extends Counts {
  readonly seconds: number;
  /** UTF-16 units that the page holds and the tiles show. */
  readonly heapMegabytes: number;
}

export const meter = {
  /** A hidden page has no frames: none are counted, lest the counting is what costs. */
  stopFrames(): void {
    counting = false;
  },
  reset(): void {
    counts = zero();
    since = performance.now();
  },
  read(): Measured {
    const memory = (performance as { memory?: { usedJSHeapSize: number } }).memory;
    return {
      ...counts,
      seconds: (performance.now() - since) / 1000,
      heapMegabytes: (memory?.usedJSHeapSize ?? 0) / 1e6,
    };
  },
};
