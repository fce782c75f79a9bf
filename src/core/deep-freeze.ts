/** What was frozen through and through: a frozen object alone does not say so of what it holds. */
const frozen = new WeakSet<object>();

/** Freezes plain data through and through, in place: what is on the board stays as it is. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || frozen.has(value)) return value;
  if (!Array.isArray(value) && !isPlain(value)) return value;
  frozen.add(value);
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
