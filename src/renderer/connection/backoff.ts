/** Reconnect delays of the protocol: 1 s growing by 1.5 to at most 30 s, each with full jitter, without a limit of tries. */
const FIRST_MS = 1_000;
const GROWTH = 1.5;
const LONGEST_MS = 30_000;

/** The longest wait, in milliseconds, before try number `attempt` (0 is the first). */
export function backoffCeiling(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * GROWTH ** Math.max(0, attempt));
}

/** The wait before try number `attempt`; `random` gives [0, 1). */
export function backoffDelay(attempt: number, random: () => number = Math.random): number {
  return Math.round(backoffCeiling(attempt) * random());
}
