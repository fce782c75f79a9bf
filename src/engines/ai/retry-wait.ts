/** What decides whether and when a refused request is sent again. */
export interface Refusal {
  /** HTTP status; undefined when there was no answer at all. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retryable: boolean;
}

const RETRIES = 2;
const FIRST_WAIT_MS = 500;
const LONGEST_GUESS_MS = 8000;
const TOO_MANY_REQUESTS = 429;

/**
 * Milliseconds to wait before the request is sent again, which it was `retries` times; undefined when it is not. A wait
 * that the provider names is kept in full.
 */
export function retryWait(refusal: Refusal, retries: number, now: number): number | undefined {
  if (!refusal.retryable || retries >= RETRIES) return undefined;
  return namedWait(refusal, now) ?? Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_GUESS_MS);
}

/** Whether the provider is busy rather than broken: all that would ask it have to wait. */
export function asksToWait(refusal: Refusal, now: number): boolean {
  return refusal.status === TOO_MANY_REQUESTS || namedWait(refusal, now) !== undefined;
}

/** `Retry-After` in seconds or as an HTTP date, or `retry-after-ms`; in milliseconds from now. */
function namedWait({ headers = {} }: Refusal, now: number): number | undefined {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const ms = lower["retry-after-ms"];
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Math.ceil(Number(ms));
  const after = lower["retry-after"];
  if (after === undefined || after === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
