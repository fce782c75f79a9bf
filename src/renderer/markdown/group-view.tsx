import { memo, type ReactNode, useEffect, useRef, useState } from "react";
import { LeafView, ListView, type Live, TableView } from "./block-views.js";
import type { Group } from "./blocks.js";
import { estimatedHeight } from "./group-height.js";
import { whenNearViewport } from "./near-viewport.js";

interface GroupProps extends Live {
  readonly group: Group;
  /** True for a group that need not render before it is near the screen. */
  readonly waits: boolean;
}

/** Blocks that are rendered, laid out and skipped together. */
export const GroupView = memo(function GroupView({ group, waits, ...live }: GroupProps): ReactNode {
  const [rendered, setRendered] = useState(!waits);
  const box = useRef<HTMLDivElement>(null);
  const hidden = waits && !rendered;
  if (!hidden && !rendered) setRendered(true);
  useEffect(() => {
    if (!hidden || !box.current) return undefined;
    return whenNearViewport(box.current, () => setRendered(true));
  }, [hidden]);
  if (hidden) return <div className="md-group" ref={box} style={{ height: estimatedHeight(group) }} />;
  return (
    <div className="md-group">
      <Blocks group={group} {...live} />
    </div>
  );
});

function Blocks({ group, tail, definitions }: Live & { group: Group }): ReactNode {
  const inside = tail?.kind === "inside";
  const views = group.blocks.map((block, index) => {
    const live = inside && index === group.blocks.length - 1 ? tail : undefined;
    if (block.kind === "list") return <ListView key={block.id} block={block} tail={live} definitions={definitions} />;
    if (block.kind === "table") return <TableView key={block.id} block={block} tail={live} definitions={definitions} />;
    return <LeafView key={block.id} piece={block} tail={undefined} definitions={definitions} />;
  });
  // One array, in which the open block keeps its key, and with it its elements, when it is finished.
  if (tail && !inside) views.push(<LeafView key={tail.id} piece={undefined} tail={tail} definitions={definitions} />);
  return views;
}
