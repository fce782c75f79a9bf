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

/** The groups that are not seen of a document that opens at its end, or at its start. */
export function groupsUnseen(groups: readonly Group[], opensAt: "start" | "end"): readonly Group[] {
  const inOrder = opensAt === "end" ? groups.toReversed() : groups;
  let height = 0;
  return inOrder.filter((group) => {
    const unseen = height >= SEEN_AT_FIRST;
    if (!unseen) height += estimatedHeight(group);
    return unseen;
  });
}

function piecesOf(block: Block): readonly Piece[] {
  return block.kind === "markdown" ? [block] : block.runs.flatMap((run) => run.pieces);
}
