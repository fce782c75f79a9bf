import type { FootnoteUses } from "./footnote-table.js";

/** A stretch of finished Markdown that is parsed and rendered once. Replaced, never changed, so that identity tells change. */
export interface Piece {
  readonly id: number;
  readonly source: string;
  /** Definitions from elsewhere in the document that `source` refers to, as Markdown. */
  readonly definitions: string;
  /** What its footnote references show; undefined where it has none. */
  readonly footnotes?: FootnoteUses | undefined;
}

/** Pieces that are memoised together. */
export interface Run {
  readonly id: number;
  readonly pieces: readonly Piece[];
}

export interface MarkdownBlock extends Piece {
  readonly kind: "markdown";
}

/** A top-level list, item by item. */
export interface ListBlock {
  readonly kind: "list";
  readonly id: number;
  readonly ordered: boolean;
  readonly start: number;
  /** Whether paragraphs in its items are wrapped: true once any blank line separates what is in it. */
  readonly loose: boolean;
  readonly hasTasks: boolean;
  readonly runs: readonly Run[];
}

/** A top-level table: each piece of its body holds a head to be left out, then some rows. */
export interface TableBlock {
  readonly kind: "table";
  readonly id: number;
  readonly head: Piece;
  readonly runs: readonly Run[];
}

export type Block = MarkdownBlock | ListBlock | TableBlock;

/** Blocks that are memoised, laid out and skipped together while off screen. */
export interface Group {
  readonly id: number;
  readonly blocks: readonly Block[];
}

/** What is still being written, after the last finished block, list item or table row. */
export interface Tail {
  readonly kind: TailKind;
  /** Identity that the block keeps once it is finished. */
  readonly id: number;
  readonly source: string;
}

/** `inside`: continues the last block of the last group, an open list or table. */
export type TailKind = "text" | "fence" | "inside";

/** Pieces in a run. */
export const RUN_LENGTH = 16;

/** Blocks in a group. At a hundred texts of 30 KB groups of 4 had fewer updates, and groups of 16 longer tasks. */
export const GROUP_LENGTH = 8;
