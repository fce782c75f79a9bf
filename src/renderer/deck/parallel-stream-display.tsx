import { useAtom, useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { arrangementAtom, moveTileAtom } from "../state/deck-atoms.js";
import { filterAtom, layoutAtom, NO_FILTER } from "../state/interface.js";
import { DENSITIES, densityAtom, foldFinishedAtom } from "../state/preferences.js";
import { Button } from "../ui/button.js";
import { plural } from "../ui/format.js";
import { GroupHeader } from "./group-header.js";
import { StreamTile } from "./stream-tile.js";
import { SHOWS_TILES, useKeptTileFocus } from "./tile-focus.js";
import { moveTileFocus } from "./tile-keys.js";
import { useDeckRows } from "./use-deck-rows.js";
import { noteDeckScroll } from "./use-follow-end.js";

const WHEEL_STEP = 40;

/** Every stream at once: the deck. */
export function ParallelStreamDisplay(): ReactNode {
  const { groups, filtered, hidden } = useAtomValue(arrangementAtom);
  const density = useAtomValue(densityAtom);
  const setFilter = useSetAtom(filterAtom);
  const setLayout = useSetAtom(layoutAtom);
  const moveTile = useSetAtom(moveTileAtom);
  const deck = useRef<HTMLDivElement>(null);
  const total = groups.reduce((sum, group) => sum + group.slots.length, 0);
  const empty = total === 0 && groups.every((group) => group.folded.length === 0);
  const largest = Math.max(0, ...groups.map((group) => group.slots.length));
  useDeckRows(deck, density, groups.length === 1 ? total : null, largest);
  useDensityWheel(deck);
  useKeptTileFocus(deck, groups);

  const firstSlot = useMemo(() => groups.find((group) => group.slots.length > 0)?.slots[0], [groups]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move the focus among the tiles inside
    <div
      ref={deck}
      className="deck"
      data-density={density}
      onScroll={noteDeckScroll}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey && deck.current !== null) {
          if (moveTileFocus(deck.current, event.key)) event.preventDefault();
        }
      }}
    >
      <div className="deck-probe" />
      {groups.map((group) => (
        <section key={group.key} className="deck-group" aria-label={group.name === "" ? "Streams" : undefined}>
          <GroupHeader group={group} alone={groups.length === 1} />
          <div className="deck-grid">
            {group.slots.map((slot) => (
              <StreamTile
                key={`${slot.workflowId}/${slot.key}`}
                slot={slot}
                tabStop={slot === firstSlot}
                onDrop={moveTile}
              />
            ))}
          </div>
        </section>
      ))}
      {empty && filtered + hidden === 0 ? (
        <div className="empty">
          <p className="empty-title">Nothing began</p>
          <p>No agent took up what was published.</p>
        </div>
      ) : empty ? (
        <div className="empty">
          <p className="empty-title">No tile matches</p>
          <p>
            {filtered > 0 ? `${plural(filtered, "tile")} left out by the filter. ` : ""}
            {hidden > 0 ? `${plural(hidden, "tile")} hidden by you.` : ""}
          </p>
          <Button
            {...SHOWS_TILES}
            look="outline"
            onClick={() => {
              setFilter(NO_FILTER);
              setLayout((layout) => ({ ...layout, hidden: [] }));
            }}
          >
            Show all
          </Button>
        </div>
      ) : hidden > 0 ? (
        <Button
          {...SHOWS_TILES}
          className="deck-note"
          small
          onClick={() => setLayout((layout) => ({ ...layout, hidden: [] }))}
        >
          {plural(hidden, "tile")} hidden · show
        </Button>
      ) : null}
    </div>
  );
}

/** Ctrl and the wheel change the density, as they change the size elsewhere. */
function useDensityWheel(deck: React.RefObject<HTMLElement | null>): void {
  const [density, setDensity] = useAtom(densityAtom);
  useEffect(() => {
    const element = deck.current;
    if (element === null) return;
    let turned = 0;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < WHEEL_STEP) return;
      const at = DENSITIES.indexOf(density) + Math.sign(turned);
      turned = 0;
      const next = DENSITIES[at];
      if (next !== undefined) setDensity(next);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [deck, density, setDensity]);
}

/** Unfolds what is folded away. */
export function UnfoldButton({ count }: { count: number }): ReactNode {
  const setFold = useSetAtom(foldFinishedAtom);
  return (
    <Button {...SHOWS_TILES} small onClick={() => setFold(false)}>
      {plural(count, "finished tile")} folded away · show
    </Button>
  );
}
