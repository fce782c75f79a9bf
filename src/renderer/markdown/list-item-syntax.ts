import type { List, ListItem } from "mdast";
import { parseBlocks } from "./parse-markdown.js";

export interface ItemTraits {
  /** The item, or its distance to the next one, makes the whole list loose. */
  readonly loose: boolean;
  readonly task: boolean;
}

export function indentOf(line: string): number {
  let width = 0;
  while (line[width] === " ") width += 1;
  return width;
}

/** The list that `line` certainly opens after a block that has ended: neither a thematic break nor an item without text. */
export function opensList(line: string): { ordered: boolean; start: number } | undefined {
  const marker = /^ {0,3}(?:[*+-]|(\d{1,9})[.)]) {1,4}(?=\S)(?=.*[^\s*_-])/.exec(line);
  return marker ? { ordered: marker[1] !== undefined, start: Number(marker[1] ?? 1) } : undefined;
}

/** Columns from which a line certainly belongs to the list item that `source` starts, or Infinity where that is not certain. */
export function contentWidth(source: string): number {
  const marker = /^ {0,3}(?:[*+-]|\d{1,9}[.)])( {1,4})(?=[^\s])/.exec(source);
  return marker ? marker[0].length : Number.POSITIVE_INFINITY;
}

/** The parser leaves the last blank line out of a list that a leaf block ends, even in an open fence. */
export function withoutLastBlank(source: string): string {
  return source.replace(/\n[ \t]*\r?\n$/, "\n");
}

export function hasBlankLine(source: string): boolean {
  return /\n[ \t\r]*\n/.test(source);
}

/** What certainly starts another item of the list whose item `source` is: its marker, then a letter. */
export function siblingOf(source: string): RegExp | undefined {
  const marker = /^ ?([*+-]|\d{1,9}[.)]) {1,3}\S/.exec(source)?.[1];
  if (marker === undefined) return undefined;
  const own = marker.length === 1 ? marker : `\\d{1,9}${marker.at(-1)}`;
  return new RegExp(`^ ?${own.replace(/[*+.)-]$/, "\\$&")} {1,3}[A-Za-z]`);
}

/** Traits of the only item in `source`, parsed only where its text could give it any. */
export function lastItemTraits(source: string): ItemTraits {
  if (!hasBlankLine(source.trimEnd()) && !/^ {0,3}\S+[ \t]+\[[ \txX]\]/.test(source))
    return { loose: false, task: false };
  const [list] = parseBlocks(source).children;
  const item = list?.type === "list" ? list.children[0] : undefined;
  return list?.type === "list" && item ? traitsOf(list, item) : { loose: false, task: false };
}

export function traitsOf(list: List, item: ListItem): ItemTraits {
  return { loose: list.spread === true || item.spread === true, task: typeof item.checked === "boolean" };
}
