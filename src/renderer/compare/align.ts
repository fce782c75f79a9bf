/** Texts side by side: cut at their headings, matched by heading, and what differs marked. Pure. */
import { diffWordsWithSpace } from "diff";
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
  const rows: { key: string; cells: (Section | null)[] }[] = [];
  texts.forEach((list, column) => {
    let after = -1;
    const titled = isTitled(list);
    for (const [place, section] of list.entries()) {
      const wanted = place === 0 && titled ? TITLE : key(section.heading);
      let at = rows.findIndex((row, index) => index > after && row.key === wanted && row.cells[column] === null);
      if (at === -1) {
        at = after + 1;
        rows.splice(at, 0, { key: wanted, cells: texts.map(() => null) });
      }
      const row = rows[at];
      if (row !== undefined) row.cells[column] = section;
      after = at;
    }
  });
  return rows.map((row) => row.cells);
}

export interface Part {
  readonly text: string;
  readonly kind: "same" | "added" | "removed";
}

/** Longer sections are shown as they are: a diff of them would hold up the page. */
const LONGEST_DIFF = 20_000;

/** What `text` has that `base` lacks, and the other way round. */
export function differences(base: string, text: string): readonly Part[] {
  if (base.length + text.length > LONGEST_DIFF) return [{ text, kind: "same" }];
  return diffWordsWithSpace(base, text).map((part) => ({
    text: part.value,
    kind: part.added ? "added" : part.removed ? "removed" : "same",
  }));
}
