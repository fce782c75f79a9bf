import { type RefObject, useLayoutEffect } from "react";
import type { Density } from "../state/preferences.js";

/** Heights in px that a tile has about; the real one fills the deck with whole rows. */
const ABOUT: Record<Density, number> = { reading: 292, comfortable: 236, compact: 150, wall: 76 };
const MOST_STRETCH = 2.4;

export function tileHeight(deckHeight: number, density: Density, columns: number, tiles: number | null): number {
  const about = ABOUT[density];
  const fit = Math.max(1, Math.round(deckHeight / about));
  const needed = tiles === null ? fit : Math.max(1, Math.ceil(tiles / Math.max(1, columns)));
  const rows = Math.min(fit, needed);
  const height = Math.floor(deckHeight / rows);
  return Math.max(64, Math.min(height, density === "wall" ? about * 1.5 : about * MOST_STRETCH));
}

const COLUMNS = "--deck-columns";

/** Columns of the deck that a tile is in. */
export function deckColumns(tile: HTMLElement): number {
  return Number(tile.closest<HTMLElement>(".deck")?.style.getPropertyValue(COLUMNS)) || 1;
}

/**
 * Tells the deck how many columns it has, and gives its tiles a height that fills the window with whole rows. `tiles`
 * null: more groups than one.
 */
export function useDeckRows(deck: RefObject<HTMLElement | null>, density: Density, tiles: number | null): void {
  useLayoutEffect(() => {
    const element = deck.current;
    if (element === null) return;
    const measure = () => {
      const grid = element.querySelector<HTMLElement>(".deck-grid");
      if (grid === null) return;
      // Without spans: one that is wider than the grid would add columns to those that are counted.
      element.style.setProperty(COLUMNS, "1");
      const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
      element.style.setProperty(COLUMNS, String(columns));
      const above = grid.offsetTop;
      const height = tileHeight(element.clientHeight - (tiles === null ? 0 : above), density, columns, tiles);
      element.style.setProperty("--tile-height", `${height}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [deck, density, tiles]);
}
