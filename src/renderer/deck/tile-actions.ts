/** What can be done with the place of a tile; the same for the menu, the keyboard and the mouse. */
import { useAtom, useAtomValue, useSetAtom, useStore } from "jotai/react";
import { useMemo } from "react";
import { useSession } from "../app-context.js";
import { say } from "../state/actions.js";
import { arrangementAtom, moveTileAtom } from "../state/deck-atoms.js";
import { comparedAtom, fullScreenAtom, layoutAtom, MOST_COMPARED } from "../state/interface.js";
import type { Slot } from "../state/slots.js";
import type { TileModes } from "./tile-modes.js";

export const MOST_COLUMNS = 3;
export const MOST_ROWS = 3;

export interface TileActions {
  readonly slot: Slot;
  readonly modes: TileModes;
  readonly pinned: boolean;
  readonly compared: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly togglePin: () => void;
  readonly hide: () => void;
  readonly maximise: () => void;
  readonly toggleCompare: () => void;
  /** -1 towards the beginning, 1 towards the end. */
  readonly move: (by: -1 | 1) => void;
  readonly resize: (columns: number, rows: number) => void;
}

const within = (value: number, most: number) => Math.min(most, Math.max(1, value));

function toggled<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
}

export function useTileActions(slot: Slot, modes: TileModes): TileActions {
  const session = useSession();
  const store = useStore();
  const [layout, setLayout] = useAtom(layoutAtom);
  const compared = useAtomValue(comparedAtom);
  const setCompared = useSetAtom(comparedAtom);
  const setFullScreen = useSetAtom(fullScreenAtom);
  const { key, streamId } = slot;
  const span = layout.spans[key];
  const pinned = layout.pinned.includes(key);
  const isCompared = streamId !== null && compared.includes(streamId);

  return useMemo(
    () => ({
      slot,
      modes,
      pinned,
      compared: isCompared,
      columns: span?.columns ?? 1,
      rows: span?.rows ?? 1,
      togglePin: () => setLayout((now) => ({ ...now, pinned: toggled(now.pinned, key) })),
      hide: () => setLayout((now) => ({ ...now, hidden: [...now.hidden, key] })),
      maximise: () => setFullScreen(streamId),
      toggleCompare: () => {
        if (streamId === null) return;
        const picked = toggled(store.get(comparedAtom), streamId);
        if (picked.length <= MOST_COMPARED) setCompared(picked);
        else say(session, `${MOST_COMPARED} streams are compared at once. Take one out first: x on its tile.`, true);
      },
      move: (by) => {
        const group = store.get(arrangementAtom).groups.find(({ slots }) => slots.includes(slot));
        const keys = [...new Set(group?.slots.map((other) => other.key) ?? [])];
        const neighbour = keys[keys.indexOf(key) + by];
        if (neighbour !== undefined) store.set(moveTileAtom, key, neighbour, by === -1 ? "before" : "after");
      },
      resize: (columns, rows) =>
        setLayout((now) => ({
          ...now,
          spans: { ...now.spans, [key]: { columns: within(columns, MOST_COLUMNS), rows: within(rows, MOST_ROWS) } },
        })),
    }),
    [slot, modes, pinned, isCompared, span, key, streamId, session, store, setLayout, setCompared, setFullScreen],
  );
}
