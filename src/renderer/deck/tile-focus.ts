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

/** Gives the focus of a tile that goes, hidden or folded away, to the next one. `shown` changes when tiles come or go. */
export function useKeptTileFocus(deck: RefObject<HTMLElement | null>, shown: unknown): void {
  const focused = useRef<HTMLElement | null>(null);
  const tiles = useRef<readonly HTMLElement[]>([]);
  useEffect(() => {
    const note = (event: FocusEvent) => {
      focused.current = event.target instanceof Element ? event.target.closest<HTMLElement>(TILE) : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tiles are read from the page when what is shown changed
  useLayoutEffect(() => {
    const before = tiles.current;
    tiles.current = [...(deck.current?.querySelectorAll<HTMLElement>(TILE) ?? [])];
    const gone = focused.current;
    if (gone === null || gone.isConnected || document.activeElement !== document.body) return;
    const at = before.indexOf(gone);
    const left = [...before.slice(at + 1), ...before.slice(0, at).reverse()];
    left.find((tile) => tile.isConnected)?.focus();
  }, [deck, shown]);
}
