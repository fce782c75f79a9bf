import { type RefObject, useEffect } from "react";
import type { Side } from "../state/arrange.js";

/** What the drag of a tile carries. */
const TILE_DRAG = "application/x-flockdeck-tile";
/** The tile that is dragged: what a drag carries may be read only where it is dropped. */
let dragged: HTMLElement | null = null;

/** Dragged on, a tile goes behind the one that it is dropped on; dragged back, before it. */
function sideOf(tile: HTMLElement): Side {
  const follows = dragged !== null && (dragged.compareDocumentPosition(tile) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  return follows ? "after" : "before";
}

/** Lets a tile be dragged by its title and dropped on another. The menu and the keys do the same. */
export function useTileDrag(
  place: RefObject<HTMLElement | null>,
  key: string,
  onDrop: (key: string, target: string, side: Side) => void,
): void {
  useEffect(() => {
    const tile = place.current;
    if (tile === null) return;
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const isTile = (event: DragEvent) => event.dataTransfer?.types.includes(TILE_DRAG) === true;
    const mark = (side: Side | "") => {
      tile.dataset.dropping = side;
    };
    const start = (event: DragEvent) => {
      if (!(event.target instanceof HTMLElement) || !event.target.matches(".stream-title")) return;
      event.dataTransfer?.setData(TILE_DRAG, key);
      dragged = tile;
    };
    const over = (event: DragEvent) => {
      if (!isTile(event)) return;
      event.preventDefault();
      mark(dragged === tile ? "" : sideOf(tile));
    };
    const drop = (event: DragEvent) => {
      const other = event.dataTransfer?.getData(TILE_DRAG) ?? "";
      mark("");
      if (other === "" || other === key) return;
      event.preventDefault();
      onDrop(other, key, sideOf(tile));
    };
    tile.addEventListener("dragstart", start, options);
    tile.addEventListener("dragover", over, options);
    tile.addEventListener("dragleave", () => mark(""), options);
    tile.addEventListener("drop", drop, options);
    return () => controller.abort();
  }, [place, key, onDrop]);
}
