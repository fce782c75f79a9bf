import type { StreamText } from "../../protocol/stream-text.js";

/** Enough text to fill the two lines that a wall tile has. */
const TAIL_UNITS = 140;
const SHOWN_UNITS = 84;

/** The end of a stream in plain words: Markdown's marks would only be noise at this size. */
export function lastLine(text: StreamText): string {
  const plain = text
    .slice(Math.max(text.start, text.end - TAIL_UNITS))
    .replace(/^[\s|:-]*\|[\s|:-]*$/gm, " ")
    .replace(/^\s*(?:[-+*]|\d+\.)\s+/gm, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)?/g, "$1")
    .replace(/[`*_#>|~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (plain.length <= SHOWN_UNITS) return plain;
  const cut = plain.slice(-SHOWN_UNITS);
  return cut.slice(cut.indexOf(" ") + 1);
}
