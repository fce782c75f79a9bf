import type { Clock } from "../relay/index.js";
import { systemClock as steadyClock } from "../runtime/service.js";

/** Its timers do not keep the process alive: connections do. */
export const systemClock: Clock = {
  now: steadyClock.now,
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (handle) => {
    if (handle instanceof Object) clearTimeout(handle as NodeJS.Timeout);
  },
};
