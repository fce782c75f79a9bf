import { expect, it } from "vitest";
import { type Refusal, retryWait, type Tries } from "./retry-wait.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const fresh: Tries = { guessed: 0, told: 0 };
const refused = (headers: Record<string, string> = {}, retryable = true): Refusal => ({
  status: 429,
  headers,
  retryable,
});

it.each<[string, Refusal, Tries, { ms: number; told: boolean } | undefined]>([
  ["the first guess", refused(), fresh, { ms: 500, told: false }],
  ["the second guess", refused(), { guessed: 1, told: 9 }, { ms: 1000, told: false }],
  ["no third guess", refused(), { guessed: 2, told: 0 }, undefined],
  ["seconds", refused({ "retry-after": "30" }), fresh, { ms: 30_000, told: true }],
  ["a fraction of a second", refused({ "Retry-After": "0.25" }), fresh, { ms: 250, told: true }],
  ["an hour, in full", refused({ "retry-after": "3600" }), fresh, { ms: 3_600_000, told: true }],
  ["a date", refused({ "retry-after": "Thu, 01 Jan 2026 00:01:30 GMT" }), fresh, { ms: 90_000, told: true }],
  ["a date that is past", refused({ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }), fresh, { ms: 0, told: true }],
  [
    "milliseconds before seconds",
    refused({ "retry-after-ms": "1500", "retry-after": "2" }),
    fresh,
    { ms: 1500, told: true },
  ],
  ["nonsense as if it were not there", refused({ "retry-after": "soon" }), fresh, { ms: 500, told: false }],
  ["a told wait after two guesses", refused({ "retry-after": "1" }), { guessed: 2, told: 0 }, { ms: 1000, told: true }],
  ["not for ever", refused({ "retry-after": "1" }), { guessed: 0, told: 10 }, undefined],
  ["nothing for what waiting does not help", refused({ "retry-after": "1" }, false), fresh, undefined],
])("%s", (_, refusal, tries, wait) => {
  expect(retryWait(refusal, tries, NOW)).toEqual(wait);
});
