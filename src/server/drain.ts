import { type Clock, FLUSH_INTERVAL_MS } from "../relay/index.js";
import type { ViewerRegistry } from "./viewer-registry.js";

const POLL_MS = 20;

/** Waits until every viewer was handed what it lacks. Events and text are flushed within two intervals. */
export async function drain(registry: ViewerRegistry, clock: Clock, drainMs: number): Promise<void> {
  const start = clock.now();
  if (registry.list().length === 0) return;
  await wait(clock, Math.min(drainMs, 2 * FLUSH_INTERVAL_MS));
  while (clock.now() - start < drainMs && registry.list().some((viewer) => viewer.lag_chars > 0)) {
    await wait(clock, Math.min(POLL_MS, drainMs));
  }
}

export function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, ms);
  });
}
