import { type RefObject, useCallback, useLayoutEffect, useState } from "react";
import type { Group } from "./blocks.js";
import { estimatedHeight, groupsUnseen } from "./group-height.js";
import { measureLater } from "./measures.js";
import { selectionIn } from "./selection.js";

/** Finished groups that are rendered at most, if the reader is at the end and the others cannot be seen. */
const MOST_RENDERED = 1;
/** Groups so far above the box stay, or the box's height above it: a reader who goes back a page finds them there. */
const MARGIN_PX = 150;

/** Height in px by the group's id. */
export type HiddenGroups = ReadonlyMap<number, number>;
const NONE: HiddenGroups = new Map();

interface HiddenGroupsOptions {
  readonly groups: readonly Group[];
  readonly root: RefObject<HTMLElement | null>;
  /** The box that shows the end of the document and nothing else, while it does. */
  readonly end: RefObject<HTMLElement | null> | undefined;
  readonly opensAt: "start" | "end";
  /** Nothing is hidden. */
  readonly complete: boolean;
}

/**
 * The groups that are not rendered, since nobody sees them: those that were there before the document was shown, until
 * they come near the screen; and what has left the box of a reader who stays at the end. A hundred texts that grow for
 * minutes would otherwise have a hundred thousand elements, and each collection of garbage looks at all of them.
 */
export function useHiddenGroups({ groups, root, end, opensAt, complete }: HiddenGroupsOptions): {
  readonly hidden: HiddenGroups;
  readonly show: (id: number) => void;
} {
  const [hidden, setHidden] = useState(() => unseen(groups, opensAt));
  const [known, setKnown] = useState(groups.length);
  if (complete && hidden !== NONE) setHidden(NONE);
  if (known !== groups.length) {
    setKnown(groups.length);
    // Much text at once, as a viewer gets who was away: what would leave the box at once is not rendered first.
    const late = groups.length - known > MOST_RENDERED && end !== undefined;
    if (late && !complete) setHidden(new Map([...hidden, ...unseen(groups, "end", known)]));
  }
  const count = groups.length;
  const surplus = count - hidden.size > MOST_RENDERED;
  const blocks = surplus ? groups.at(-1)?.blocks.length : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each block that is finished moves those above it up
  useLayoutEffect(() => {
    if (!surplus || complete || !end) return undefined;
    return measureLater(() => {
      const left = root.current && end.current ? leftAbove(root.current, count, end.current) : NONE;
      return left.size > 0 ? () => setHidden((before) => new Map([...before, ...left])) : undefined;
    });
  }, [count, blocks, surplus, complete, end, root]);

  const show = useCallback((id: number) => {
    setHidden((before) => new Map([...before].filter(([other]) => other !== id)));
  }, []);
  return { hidden: complete ? NONE : hidden, show };
}

function unseen(groups: readonly Group[], opensAt: "start" | "end", from = 0): HiddenGroups {
  const hidden = groupsUnseen(groups, opensAt).filter(({ id }) => id >= from);
  return new Map(hidden.map((group) => [group.id, estimatedHeight(group)]));
}

/**
 * The rendered ones of `root`'s first `count` elements, which are the groups in the order of their ids, that lie above
 * `box`; none while the reader has something selected or focused in the document.
 */
function leftAbove(root: HTMLElement, count: number, box: HTMLElement): HiddenGroups {
  if (selectionIn(root) || root.contains(root.ownerDocument.activeElement)) return NONE;
  const seen = box.getBoundingClientRect();
  const top = seen.top - Math.max(seen.height, MARGIN_PX);
  const left = new Map<number, number>();
  for (const [id, element] of [...root.children].slice(0, count).entries()) {
    if (element.childElementCount === 0) continue;
    const { bottom, height } = element.getBoundingClientRect();
    if (bottom >= top) break;
    left.set(id, height);
  }
  return left;
}
