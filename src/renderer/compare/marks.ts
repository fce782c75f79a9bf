/** Marks over text, by the CSS Custom Highlight API, which changes no element: every column is rendered the same. */
const NAME = "difference";

const marked = new Map<string, readonly Range[]>();

/** Whether this browser can mark text. */
export const canMark = () => typeof CSS !== "undefined" && CSS.highlights !== undefined;

/** Marks the ranges of `owner` in place of those it had. */
export function mark(owner: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) marked.delete(owner);
  else marked.set(owner, ranges);
  if (!canMark()) return;
  const all = new Highlight();
  for (const own of marked.values()) for (const range of own) all.add(range);
  if (marked.size === 0) CSS.highlights.delete(NAME);
  else CSS.highlights.set(NAME, all);
}
