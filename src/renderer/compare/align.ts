/** Texts side by side: cut at their headings and matched by heading. Pure. */
import { Lexer } from "marked";

export interface Section {
  /** The heading's words; empty for what stands before the first heading. */
  readonly heading: string;
  readonly text: string;
}

/** Cuts Markdown at its headings; those inside code, lists and quotes are none. */
export function sections(markdown: string): readonly Section[] {
  const found: { heading: string; text: string }[] = [{ heading: "", text: "" }];
  for (const token of new Lexer().blockTokens(markdown.replaceAll("\r\n", "\n"))) {
    if (token.type === "heading") found.push({ heading: token.text, text: "" });
    const last = found.at(-1);
    if (last !== undefined) last.text += token.raw;
  }
  return found.map(({ heading, text }) => ({ heading, text: text.trim() })).filter(({ text }) => text !== "");
}

const key = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Two texts seldom bear the same title; the beginning of one still stands beside that of the other. */
const TITLE = "#";
const isTop = ({ text }: Section) => /^ {0,3}(?:#[ \t]|\S.*\n {0,3}=+[ \t]*(?:\n|$))/.test(text);

/** Whether a text begins with its only heading of the first level. */
const isTitled = (list: readonly Section[]) => list.findIndex(isTop) === 0 && list.filter(isTop).length === 1;

/**
 * Rows of sections, one cell a text, null where a text has none. A heading meets the same heading, and a text's title
 * the other's title; headings that only one text has get a row of their own, in that text's order.
 */
export function align(texts: readonly (readonly Section[])[]): readonly (readonly (Section | null)[])[] {
  const rows: { keys: readonly string[]; cells: (Section | null)[] }[] = [];
  texts.forEach((list, column) => {
    let after = -1;
    const titled = isTitled(list);
    for (const [place, section] of list.entries()) {
      const keys = [key(section.heading), ...(place === 0 && titled ? [TITLE] : [])];
      const has = (wanted: string) =>
        rows.findIndex((row, at) => at > after && row.keys.includes(wanted) && row.cells[column] === null);
      let at = keys.map(has).find((found) => found !== -1);
      if (at === undefined) {
        at = after + 1;
        rows.splice(at, 0, { keys, cells: texts.map(() => null) });
      }
      const row = rows[at];
      if (row !== undefined) row.cells[column] = section;
      after = at;
    }
  });
  return rows.map((row) => row.cells);
}
