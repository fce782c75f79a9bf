import { expect, it } from "vitest";
import { asksToWait, type Refusal, retryWait } from "./retry-wait.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const refused = (headers: Record<string, string> = {}, retryable = true): Refusal => ({
  status: 429,
  headers,
  retryable,
});

it.each<[string, Refusal, number, number | undefined]>([
  ["the first guess", refused(), 0, 500],
  ["the second guess", refused(), 1, 1000],
  ["no third guess", refused(), 2, undefined],
  ["seconds", refused({ "retry-after": "30" }), 0, 30_000],
  ["a fraction of a second", refused({ "Retry-After": "0.25" }), 0, 250],
  ["an hour, in full", refused({ "retry-after": "3600" }), 1, 3_600_000],
  ["a date", refused({ "retry-after": "Thu, 01 Jan 2026 00:01:30 GMT" }), 0, 90_000],
  ["a date that is past", refused({ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }), 0, 0],
  ["milliseconds before seconds", refused({ "retry-after-ms": "1500", "retry-after": "2" }), 0, 1500],
  ["nonsense as if it were not there", refused({ "retry-after": "soon" }), 0, 500],
  ["no third wait, though it is named", refused({ "retry-after": "1" }), 2, undefined],
  ["nothing for what waiting does not help", refused({ "retry-after": "1" }, false), 0, undefined],
])("%s", (_, refusal, retries, wait) => {
  expect(retryWait(refusal, retries, NOW)).toBe(wait);
});

it.each<[string, Refusal, boolean]>([
  ["too many requests", { status: 429, retryable: true }, true],
  ["an overload that names a time", { status: 503, headers: { "retry-after": "2" }, retryable: true }, true],
  ["a fault", { status: 503, retryable: true }, false],
  ["nobody there", { retryable: true }, false],
])("%s: whether the provider is busy", (_, refusal, busy) => {
  expect(asksToWait(refusal, NOW)).toBe(busy);
});
