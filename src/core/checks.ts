import { FlockError } from "./errors.js";

// Each check throws `invalid_request`, with words that say what to type, unless the value is as it should be or absent.

function refuse(what: string, expected: string, given: unknown): never {
  throw new FlockError("invalid_request", `${what} must be ${expected}, not ${shown(given)}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}

export function checkCount(what: string, value: unknown): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 1))
    refuse(what, "a whole number of at least 1", value);
}

/** `Infinity` is no limit. */
export function checkLimit(what: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkCount(what, value);
}

export function checkMilliseconds(what: string, value: unknown): void {
  if (value !== undefined && !(Number.isFinite(value) && (value as number) > 0))
    refuse(what, "milliseconds above 0, such as 30_000", value);
}

/** A wait may be none, and may be endless. */
export function checkWait(what: string, value: unknown): void {
  if (value !== undefined && !(typeof value === "number" && value >= 0))
    refuse(what, "milliseconds of at least 0, such as 30_000", value);
}

export function checkNumber(what: string, value: unknown): void {
  if (value !== undefined && !Number.isFinite(value)) refuse(what, "a number", value);
}

export function checkFunction(what: string, example: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") refuse(what, `a function, such as ${example}`, value);
}

export function checkFunctions(what: string, example: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) checkFunction(what, example, item);
  else checkFunction(what, example, value);
}

export function checkNames(what: string, value: unknown): void {
  const isList = Array.isArray(value) && value.every((name) => typeof name === "string");
  if (value !== undefined && !isList) refuse(what, 'a list of names, such as ["urgent"]', value);
}

export function checkOneOf(what: string, choices: readonly string[], value: unknown): void {
  if (value !== undefined && !choices.includes(value as string)) refuse(what, `one of ${choices.join(", ")}`, value);
}

/** An object with no other keys than these. */
export function checkKeys(what: string, keys: readonly string[], value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse(what, `an object with ${keys.join(", ")}`, value);
  const unknown = Object.keys(value as object).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new FlockError("invalid_request", `${what} has no ${unknown}. It takes ${keys.join(", ")}`);
}
