/** Deeper values overflow the stack of whoever walks or prints them, a viewer's or ours. */
export const DEEPEST_NESTING = 128;

/**
 * Whether arrays and objects nest no deeper than `limit`; what holds itself counts once. Iterative: it must survive what
 * it looks for.
 */
export function isShallow(value: unknown, limit = DEEPEST_NESTING): boolean {
  const seen = new Set<object>();
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null || seen.has(item)) continue;
      if (depth >= limit) return false;
      seen.add(item);
      for (const child of Object.values(item)) next.push(child);
    }
    level = next;
  }
  return true;
}
