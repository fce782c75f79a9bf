import { memo, type ReactNode, useEffect, useRef } from "react";
import { LeafView, ListView, type Live, TableView } from "./block-views.js";
import type { Group } from "./blocks.js";
import { whenNearViewport } from "./near-viewport.js";

interface GroupProps extends Live {
  readonly group: Group;
  /** In px, of a group that is not rendered before it is near the screen. */
  readonly hiddenHeight: number | undefined;
  /** Called when that is so; undefined where it need not be looked for. */
  readonly onNear: ((id: number) => void) | undefined;
}

/** Blocks that are rendered, laid out and skipped together. */
export const GroupView = memo(function GroupView({ group, hiddenHeight, onNear, ...live }: GroupProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const hidden = hiddenHeight !== undefined;
  const { id } = group;
  useEffect(() => {
    if (!hidden || !onNear || !box.current) return undefined;
    return whenNearViewport(box.current, () => onNear(id));
  }, [hidden, id, onNear]);
  return (
    <div
      className={hidden ? "md-group md-away" : "md-group"}
      ref={box}
      style={hidden ? { height: hiddenHeight } : undefined}
    >
      {hidden ? null : <Blocks group={group} {...live} />}
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
