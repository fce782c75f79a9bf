import type { Lexer, MarkedToken, Token } from "marked";
import remend, { type RemendOptions } from "remend";

/** Only what the finished form would show, too. */
const options: RemendOptions = {
  linkMode: "text-only",
  images: false,
  comparisonOperators: false,
  htmlTags: false,
  katex: false,
  setextHeadings: false,
  singleTilde: false,
  handlers: [{ name: "open image", priority: 0, handle: (text) => text.replace(OPEN_IMAGE, "$1") }],
};

/** What stands open has one of these in text that nothing was made of. */
const MARKS = /[*_`~[]/;
const OPEN_IMAGE = /!\[([^\]\n]*)(?:\](?:\([^)\n]*)?)?$/;

/** The tokens that show something. */
export function blockTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  // marked's own union; its Generic member is for extensions, and there are none.
  return (tokens as readonly MarkedToken[]).filter(({ type, raw }) => type !== "def" && raw.trim() !== "");
}

/**
 * Closes what is open at the end of growing text, so that its markers do not flash by before their other half comes:
 * emphasis, code spans, links and pictures without their address. Code and HTML stay as they are.
 */
export function mendOpenEnd(lexer: Lexer, tokens: readonly MarkedToken[]): void {
  const last = tokens.at(-1);
  switch (last?.type) {
    case "paragraph":
    case "heading":
    case "text":
      if (last.tokens) last.tokens = mended(lexer, last.text, last.tokens);
      break;
    case "blockquote":
      mendOpenEnd(lexer, blockTokens(last.tokens));
      break;
    case "list":
      mendOpenEnd(lexer, blockTokens(last.items.at(-1)?.tokens ?? []));
      break;
    case "table": {
      const cell = (last.rows.at(-1) ?? last.header).findLast(({ text }) => text !== "");
      if (cell) cell.tokens = mended(lexer, cell.text, cell.tokens);
      break;
    }
  }
}

function mended(lexer: Lexer, text: string, tokens: Token[]): Token[] {
  const [first] = tokens;
  if (first?.type === "checkbox") {
    return [first, ...mended(lexer, text.slice(text.startsWith("[") ? first.raw.length : 0), tokens.slice(1))];
  }
  if (!standsOpen(tokens)) return tokens;
  // Behind white space no marker closes anything.
  const written = text.trimEnd();
  const closed = remend(withoutBegunMark(text).trimEnd(), options);
  return closed === written ? tokens : lexer.inlineTokens(closed);
}

/** Whether a mark may have its other half still to come: what is closed has become a token of its own. */
function standsOpen(tokens: readonly Token[]): boolean {
  return (tokens as readonly MarkedToken[]).some((token) => {
    if (token.type === "text") return MARKS.test(token.raw);
    return token.type === "escape" || ("tokens" in token && standsOpen(token.tokens ?? []));
  });
}

const BEGUN_MARK = /(?<=^|\s)(?:\*{1,2}|[_`])$/;

/** `text` without a mark at its end of which what follows decides whether it opens anything. */
export function withoutBegunMark(text: string): string {
  return text.replace(BEGUN_MARK, "");
}

/** A line of nothing but marks: what follows decides whether it is an item, an underline, a rule, a fence, a row or text. */
const UNDECIDED = /^[ \t>]*(?:[-=*_+`~]+|1[.)]|\||(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?)[ \t\r]*$/;

/** Whether nothing is shown of a last line before its first words come. */
export function isUndecided(line: string): boolean {
  return UNDECIDED.test(line);
}

/** `source` without a last line that its first words are still to come for. */
export function withoutUndecided(source: string): string {
  const from = source.lastIndexOf("\n") + 1;
  return isUndecided(source.slice(from)) ? source.slice(0, from) : source;
}

const TABLE_HEAD = /^ {0,3}\|[^\n]*(?:\n[ \t|:-]*)?$/;

/** Whether `source` is the first line of a table, and at most a part of the second. */
export function isTableHead(source: string): boolean {
  return TABLE_HEAD.test(source);
}

/** Gives a table's first line its second, which is still to come: until then it would be a paragraph of bars. */
export function mendTableHead(source: string): string {
  if (!isTableHead(source)) return source;
  const [line = ""] = source.split("\n");
  const head = line.trimEnd().endsWith("|") ? line : `${line} |`;
  const columns = head.replaceAll("\\|", "").split("|").length - 2;
  return columns > 0 ? `${head}\n|${" - |".repeat(columns)}` : source;
}
