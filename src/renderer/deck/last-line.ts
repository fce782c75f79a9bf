import type { StreamText } from "../../protocol/stream-text.js";

/** Enough text to fill the lines that a wall tile has. */
const KEPT_UNITS = 64;
const LONGEST_UNITS = 128;

/**
 * The end of a stream in plain words: Markdown's marks would only be noise at this size. It begins at the same place
 * until it has become long, so that what is read stays in its lines, and new text is only added to them.
 */
export class LastLine {
  #from = 0;
  #generation = 0;

  read(text: StreamText): string {
    const moved = text.generation !== this.#generation || this.#from < text.start;
    if (moved || text.end - this.#from > LONGEST_UNITS) {
      this.#generation = text.generation;
      this.#from = wordStart(text, Math.max(text.start, text.end - KEPT_UNITS));
    }
    return plain(text.slice(this.#from));
  }
}

/** The first beginning of a word from an offset on; the offset itself where no other word begins. */
function wordStart(text: StreamText, from: number): number {
  if (from === text.start) return from;
  const gap = text.slice(from).search(/\s/);
  return gap < 0 ? from : from + gap + 1;
}

function plain(markdown: string): string {
  return markdown
    .replace(/^[\s|:-]*\|[\s|:-]*$/gm, " ")
    .replace(/^\s*(?:[-+*]|\d+\.)\s+/gm, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)?/g, "$1")
    .replace(/^([^[\]]*)\]\([^)]*\)?/, "$1")
    .replace(/!?\[(?=[^\]]*$)/, "")
    .replace(/[`*_#>|~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
