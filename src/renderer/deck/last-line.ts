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

/** Stands between what has lines of its own and no full stop. */
const APART = " · ";
const FENCE = /^\s*(?:`{3,}[^`]*|~{3,}.*)$/;
const RULE = /^\s*(?:[-=*_]\s*){3,}$/;
const DELIMITERS = /^[\s|:-]*\|[\s|:-]*$/;
const ROW = /^\s*\||\|\s*$/;
const HEADING = /^\s*#{1,6}(?:\s+|$)/;
const QUOTE = /^(?:\s*>)+\s?/;
const ITEM = /^\s*(?:[-+*]|\d+[.)])(?:\s+|$)(?:\[[ xX]\](?:\s+|$))?/;

function plain(markdown: string): string {
  let shown = "";
  let apart = false;
  for (const line of withoutLinks(markdown).split("\n")) {
    const text = FENCE.test(line) || RULE.test(line) || DELIMITERS.test(line) ? "" : line.replace(QUOTE, "");
    const standsOut = ROW.test(text) || HEADING.test(text);
    const words = ROW.test(text) ? cells(text) : withoutMarks(text.replace(HEADING, "").replace(ITEM, ""));
    if (words === "") continue;
    if (shown !== "") shown += apart || standsOut ? APART : " ";
    shown += words;
    apart = standsOut;
  }
  return shown;
}

function cells(row: string): string {
  return row
    .split(/(?<!\\)\|/)
    .map(withoutMarks)
    .filter((cell) => cell !== "")
    .join(APART);
}

function withoutLinks(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)?/g, "$1")
    .replace(/^([^[\]]*)\]\([^)]*\)?/, "$1")
    .replace(/!?\[(?![ xX]\])([^[\]]*)\]$/, "$1")
    .replace(/!?\[(?=[^\]]*$)/, "");
}

/** Words without the marks of emphasis; code as it is. */
function withoutMarks(line: string): string {
  return line
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part.slice(1, -1) : withoutEmphasis(part)))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

function withoutEmphasis(text: string): string {
  return text
    .replace(/~~|`+/g, "")
    .replace(/(?<=[^\s*])\*+|\*+(?=[^\s*]|$)/g, "")
    .replace(/(?<=[^\s_])_+(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}_])_+(?=[^\s_]|$)/gu, "");
}
