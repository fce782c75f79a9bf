import type { ReactNode } from "react";
import { Icon } from "../ui/icon.js";
import { Menu, MenuItem } from "../ui/menu.js";
import type { TileActions } from "./tile-actions.js";

interface PlaceItemsProps {
  readonly actions: TileActions;
  /** Makes of an action what an entry does: it closes the menu first. */
  readonly item: (act: () => void) => () => void;
}

/** What can be done with the place of a tile, whether its agent has begun or not. */
export function PlaceItems({ actions, item }: PlaceItemsProps): ReactNode {
  const { columns, rows } = actions;
  return (
    <>
      <MenuItem checked={actions.pinned} keys="p" onSelect={item(actions.togglePin)}>
        Pinned first
      </MenuItem>
      <MenuItem icon="left" keys="[" onSelect={item(() => actions.move(-1))}>
        Move back
      </MenuItem>
      <MenuItem icon="right" keys="]" onSelect={item(() => actions.move(1))}>
        Move on
      </MenuItem>
      <MenuItem icon="plus" keys="+" onSelect={item(() => actions.resize(columns + 1, rows))}>
        Wider
      </MenuItem>
      <MenuItem icon="down" keys="Shift ↓" onSelect={item(() => actions.resize(columns, rows + 1))}>
        Taller
      </MenuItem>
      <MenuItem icon="grid" disabled={columns === 1 && rows === 1} onSelect={item(() => actions.resize(1, 1))}>
        Normal size
      </MenuItem>
      <MenuItem icon="hide" keys="h" onSelect={item(actions.hide)}>
        Hide
      </MenuItem>
    </>
  );
}

interface MoreMenuProps {
  readonly agent: string;
  readonly items: (item: PlaceItemsProps["item"]) => ReactNode;
}

/** The menu of a tile. */
export function MoreMenu({ agent, items }: MoreMenuProps): ReactNode {
  const name = `More for ${agent}`;
  return (
    <Menu
      small
      className="button-icon"
      label={<Icon name="more" />}
      aria-label={name}
      title={name}
      name={name}
      items={(close) =>
        items((act) => () => {
          close();
          act();
        })
      }
    />
  );
}

/** The menu of a tile whose agent has not begun. */
export function PlaceMenu({ actions }: { actions: TileActions }): ReactNode {
  return <MoreMenu agent={actions.slot.agent} items={(item) => <PlaceItems actions={actions} item={item} />} />;
}
