import type { Block, Group, Piece, Run } from "./blocks.js";

/** `runs` with `piece` in the last run, or in a new one where that already holds `capacity`. */
export function appendPiece(runs: readonly Run[], piece: Piece, capacity: number): readonly Run[] {
  const last = runs.at(-1);
  if (!last || last.pieces.length >= capacity) return [...runs, { id: runs.length, pieces: [piece] }];
  return runs.with(-1, { ...last, pieces: [...last.pieces, piece] });
}

/** `groups` with every piece replaced by what `change` makes of it; whatever holds no changed piece keeps its identity. */
export function mapPieces(groups: readonly Group[], change: (piece: Piece) => Piece): readonly Group[] {
  return mapChanged(groups, (group) => {
    const blocks = mapChanged(group.blocks, (block) => mapBlock(block, change));
    return blocks === group.blocks ? group : { ...group, blocks };
  });
}

function mapBlock(block: Block, change: (piece: Piece) => Piece): Block {
  if (block.kind === "markdown") {
    const piece = change(block);
    return piece === block ? block : { ...block, definitions: piece.definitions, footnotes: piece.footnotes };
  }
  const runs = mapChanged(block.runs, (run) => {
    const pieces = mapChanged(run.pieces, change);
    return pieces === run.pieces ? run : { ...run, pieces };
  });
  if (block.kind === "list") return runs === block.runs ? block : { ...block, runs };
  const head = change(block.head);
  return head === block.head && runs === block.runs ? block : { ...block, head, runs };
}

function mapChanged<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = items.map(change);
  return changed.some((item, index) => item !== items[index]) ? changed : items;
}
