import { type RefObject, useLayoutEffect, useState } from "react";
import type { Density } from "../state/preferences.js";
import { DeckColumns } from "./deck-columns.js";

/** Heights in px that a tile has about; the real one fills the deck with whole rows. */
const ABOUT: Record<Density, number> = { reading: 292, comfortable: 236, compact: 150, wall: 76 };
const MOST_STRETCH = 2.4;
/** A strip that is narrower than so much of a row is not left below. */
const STRIP = 0.1;

const rowsInSight = (deckHeight: number, density: Density) => Math.max(1, Math.round(deckHeight / ABOUT[density]));

export function tileHeight(deckHeight: number, density: Density, columns: number, tiles: number | null): number {
  const about = ABOUT[density];
  const fit = rowsInSight(deckHeight, density);
  const needed = tiles === null ? fit : Math.max(1, Math.ceil(tiles / Math.max(1, columns)));
  const rows = Math.min(fit, needed);
  const height = Math.floor(deckHeight / rows);
  const most = density === "wall" ? about * 1.5 : about * MOST_STRETCH;
  return Math.max(64, height <= most * (1 + STRIP) ? height : most);
}

const COLUMNS = "--deck-columns";
const HEIGHT = "--tile-height";

/** Writing what is there already has the browser look at the style of all that is inside. */
function setProperty(element: HTMLElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

/** Columns of the deck that a tile is in. */
export function deckColumns(tile: HTMLElement): number {
  return Number(tile.closest<HTMLElement>(".deck")?.style.getPropertyValue(COLUMNS)) || 1;
}

/**
 * Tells the deck how many columns it has, and gives its tiles a height that fills the window with whole rows. How many
 * there is room for tells an empty grid, `.deck-probe`. `tiles` null: more groups than one, of which the largest has
 * `largest` tiles.
 */
export function useDeckRows(
  deck: RefObject<HTMLElement | null>,
  density: Density,
  tiles: number | null,
  largest: number,
): void {
  const [deckColumns] = useState(() => new DeckColumns());
  useLayoutEffect(() => {
    const element = deck.current;
    if (element === null) return;
    const measure = () => {
      const grid = element.querySelector<HTMLElement>(".deck-grid");
      const probe = element.querySelector<HTMLElement>(".deck-probe");
      if (grid === null || probe === null) return;
      const most = getComputedStyle(probe).gridTemplateColumns.split(" ").length;
      const rows = rowsInSight(element.clientHeight, density);
      const columns = deckColumns.next({ density, width: element.clientWidth, most, rows, tiles: largest });
      const above = grid.offsetTop;
      const height = tileHeight(element.clientHeight - (tiles === null ? 0 : above), density, columns, tiles);
      setProperty(element, COLUMNS, String(columns));
      setProperty(element, HEIGHT, `${height}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Columns are as wide as characters: those of the font that stood in for ours are not ours.
    const { fonts } = element.ownerDocument;
    fonts?.addEventListener("loadingdone", measure);
    return () => {
      observer.disconnect();
      fonts?.removeEventListener("loadingdone", measure);
    };
  }, [deck, density, tiles, largest, deckColumns]);
}
