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

interface Found {
  readonly ranges: readonly Range[];
  readonly current: number;
}

/** The page has one set of marks, which all searches share. */
const marked = new Map<string, Found>();

/** Marks all ranges of `owner`, and the one at `current` apart. Does nothing where the browser has no highlights. */
export function highlight(owner: string, ranges: readonly Range[], current: number): void {
  marked.set(owner, { ranges, current });
  mark();
}

export function clearHighlights(owner: string): void {
  marked.delete(owner);
  mark();
}

function mark(): void {
  if (typeof CSS === "undefined" || CSS.highlights === undefined) return;
  const all = new Highlight();
  const currents = new Highlight();
  for (const { ranges, current } of marked.values()) {
    for (const range of ranges) all.add(range);
    const one = ranges[current];
    if (one !== undefined) currents.add(one);
  }
  CSS.highlights.set(ALL, all);
  CSS.highlights.set(CURRENT, currents);
}
