/** Calls back once, in the next frame while the page is seen, by a slow timer while it is hidden. */
export interface FrameScheduler {
  request(callback: () => void): void;
  cancel(): void;
}

const HIDDEN_MS = 1_000;
/** An occluded window may stop its frames without saying that it is hidden. */
const STALLED_MS = 400;

export function browserFrames(page: Document = document): FrameScheduler {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
  };
  return {
    request(callback) {
      if (timer !== undefined) return;
      const run = () => {
        cancel();
        callback();
      };
      if (!page.hidden) frame = requestAnimationFrame(run);
      timer = setTimeout(run, page.hidden ? HIDDEN_MS : STALLED_MS);
    },
    cancel,
  };
}

const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** Runs `callback` after the paint of the present frame, to learn what the frame really cost. */
export function afterPaint(callback: () => void): void {
  // One channel serves all frames: to open and close one costs 0.2 ms.
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  waiting.push(callback);
  channel.port2.postMessage(null);
}
