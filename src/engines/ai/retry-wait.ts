/** What decides whether and when a refused request is sent again. */
export interface Refusal {
  /** HTTP status; undefined when there was no answer at all. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retryable: boolean;
}

/** Requests that were sent again so far. */
export interface Tries {
  /** After a wait of our own choosing. */
  readonly guessed: number;
  /** After a wait that the provider named. */
  readonly told: number;
}

export interface RetryWait {
  readonly ms: number;
  readonly told: boolean;
}

const GUESSED_RETRIES = 2;
const FIRST_WAIT_MS = 500;
const LONGEST_GUESS_MS = 8000;
/** A provider that names a time is busy, not broken: it gets more patience than one that only fails. */
const TOLD_RETRIES = 10;

/** How long to wait before the next try, or undefined when there is none. A wait that the provider names is kept in full. */
export function retryWait(refusal: Refusal, tries: Tries, now: number): RetryWait | undefined {
  if (!refusal.retryable) return undefined;
  const named = refusal.headers && namedWait(refusal.headers, now);
  if (named !== undefined) return tries.told < TOLD_RETRIES ? { ms: named, told: true } : undefined;
  if (tries.guessed >= GUESSED_RETRIES) return undefined;
  return { ms: Math.min(FIRST_WAIT_MS * 2 ** tries.guessed, LONGEST_GUESS_MS), told: false };
}

/** `Retry-After` in seconds or as an HTTP date, or `retry-after-ms`; in milliseconds from now. */
function namedWait(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const ms = lower["retry-after-ms"];
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Math.ceil(Number(ms));
  const after = lower["retry-after"];
  if (after === undefined || after === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
