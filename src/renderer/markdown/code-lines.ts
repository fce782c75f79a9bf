/** Lines of code that share one element. */
export const LINES_PER_SPAN = 32;

/** `code` in parts of `LINES_PER_SPAN` lines, line feeds kept. */
export function splitCode(code: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let lines = 0;
  for (let end = code.indexOf("\n"); end >= 0; end = code.indexOf("\n", end + 1)) {
    lines += 1;
    if (lines === LINES_PER_SPAN) {
      parts.push(code.slice(from, end + 1));
      from = end + 1;
      lines = 0;
    }
  }
  if (from < code.length) parts.push(code.slice(from));
  return parts;
}
