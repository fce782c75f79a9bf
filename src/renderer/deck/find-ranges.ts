/** Finding text across elements, and marking it by the CSS Custom Highlight API, which changes no element. */
const ALL = "find";
const CURRENT = "find-current";
const MOST = 2_000;

interface Piece {
  readonly node: Text;
  readonly start: number;
}

function pieces(root: Node): { readonly text: string; readonly nodes: readonly Piece[] } {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Piece[] = [];
  let text = "";
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest("button") !== null) continue;
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  return { text: text.toLowerCase(), nodes };
}

function place(nodes: readonly Piece[], offset: number): { node: Text; offset: number } | undefined {
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((nodes[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = nodes[low];
  return piece === undefined
    ? undefined
    : { node: piece.node, offset: Math.min(piece.node.length, offset - piece.start) };
}

/** Where `query` stands below `root`, ignoring case, in the order of the text. */
export function findRanges(root: Node, query: string): readonly Range[] {
  const wanted = query.toLowerCase();
  if (wanted === "") return [];
  const { text, nodes } = pieces(root);
  const found: Range[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && found.length < MOST; at = text.indexOf(wanted, at + wanted.length)) {
    const start = place(nodes, at);
    const end = place(nodes, at + wanted.length - 1);
    if (start === undefined || end === undefined) break;
    const range = document.createRange();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, Math.min(end.node.length, end.offset + 1));
    found.push(range);
  }
  return found;
}

/** Marks all ranges, and the one at `current` apart. Does nothing where the browser has no highlights. */
export function highlight(ranges: readonly Range[], current: number): void {
  if (typeof CSS === "undefined" || CSS.highlights === undefined) return;
  CSS.highlights.set(ALL, new Highlight(...ranges));
  const one = ranges[current];
  CSS.highlights.set(CURRENT, one === undefined ? new Highlight() : new Highlight(one));
}

export function clearHighlights(): void {
  if (typeof CSS === "undefined" || CSS.highlights === undefined) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}
