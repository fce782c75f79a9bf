import type { Block, Group, Piece } from "./blocks.js";

const LINE_HEIGHT = 22;
const CHARACTERS_PER_LINE = 64;
const BLOCK_GAP = 11;

/** As much as the tallest tiles show, in px. */
const SEEN_AT_FIRST = 1_000;

/** Height in px of a group that has not been rendered, near enough for a scroll bar. */
export function estimatedHeight({ blocks }: Group): number {
  let height = 0;
  for (const block of blocks) {
    for (const piece of piecesOf(block)) {
      for (const line of piece.source.split("\n")) height += Math.ceil(line.length / CHARACTERS_PER_LINE) * LINE_HEIGHT;
    }
    height += BLOCK_GAP;
  }
  return height;
}

/** How many groups of a document that opens at its end lie above what is seen. */
export function groupsAbove(groups: readonly Group[]): number {
  let above = groups.length;
  for (let height = 0; above > 0 && height < SEEN_AT_FIRST; above -= 1) {
    const group = groups[above - 1];
    if (group !== undefined) height += estimatedHeight(group);
  }
  return above;
}

function piecesOf(block: Block): readonly Piece[] {
  return block.kind === "markdown" ? [block] : block.runs.flatMap((run) => run.pieces);
}
