import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const TILE = ".stream-tile";
/** What has keys of its own. The button that fills a tile of the wall has those of its tile. */
const CONTROLS = "button:not(.wall-tile), a[href], input, textarea, select, summary, [contenteditable], [role=menu]";

/** The tile that a key is for: the one around `target`, unless a control or field in it has the focus. */
export function steeredTile(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element) || target.closest(CONTROLS) !== null) return null;
  return target.closest<HTMLElement>(TILE);
}

/** Whether arrow keys would scroll what has the focus inside a tile. */
export function scrollsItself(target: Element): boolean {
  return !target.matches(`${TILE}, .wall-tile, .stream-view[data-scrolls="false"]`);
}

/** Gives the focus of a control that goes to the tile it is in, or to the nearest thing around it that can have it. */
export function focusTileNear(control: Element): void {
  const place =
    control.closest<HTMLElement>(`${TILE}, dialog`) ?? control.closest(".deck-group")?.querySelector<HTMLElement>(TILE);
  place?.focus({ preventScroll: true });
}

/** The buttons of the deck that bring tiles back. */
export const SHOWS_TILES = { "data-shows-tiles": true } as const;

interface Focused {
  readonly element: Element;
  readonly tile: HTMLElement | null;
}

/**
 * Gives the focus of a tile that goes, hidden or folded away, to the next one, or to what brings it back; the focus of
 * what brought tiles back, to the first of them. `shown` changes when tiles come or go.
 */
export function useKeptTileFocus(deck: RefObject<HTMLElement | null>, shown: unknown): void {
  const focused = useRef<Focused | null>(null);
  const tiles = useRef<readonly HTMLElement[]>([]);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      // There the focus of a button falls that has gone.
      if (!(target instanceof Element) || target.id === "main") return;
      focused.current = deck.current?.contains(target)
        ? { element: target, tile: target.closest<HTMLElement>(TILE) }
        : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [deck]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tiles are read from the page when what is shown changed
  useLayoutEffect(() => {
    const before = tiles.current;
    tiles.current = [...(deck.current?.querySelectorAll<HTMLElement>(TILE) ?? [])];
    if (focused.current === null) return;
    const { element, tile } = focused.current;
    const { activeElement, body } = document;
    if ((tile ?? element).isConnected || (activeElement !== body && activeElement?.id !== "main")) return;
    const next =
      tile === null ? tiles.current.find((shown) => !before.includes(shown)) : neighbour(before, before.indexOf(tile));
    (next ?? tiles.current[0] ?? deck.current?.querySelector<HTMLElement>("[data-shows-tiles]"))?.focus();
  }, [deck, shown]);
}

/** The nearest after a place that is still there, or else before it. */
function neighbour(tiles: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const others = [...tiles.slice(at + 1), ...tiles.slice(0, at).reverse()];
  return others.find((tile) => tile.isConnected);
}
