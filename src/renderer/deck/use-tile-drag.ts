import { type RefObject, useEffect } from "react";

/** What the drag of a tile carries. */
const TILE_DRAG = "application/x-flockdeck-tile";

/** Lets a tile be dragged by its title and dropped before another. The menu and the keys do the same. */
export function useTileDrag(
  place: RefObject<HTMLElement | null>,
  key: string,
  onDropBefore: (key: string, before: string) => void,
): void {
  useEffect(() => {
    const tile = place.current;
    if (tile === null) return;
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const isTile = (event: DragEvent) => event.dataTransfer?.types.includes(TILE_DRAG) === true;
    const mark = (on: boolean) => {
      tile.dataset.dropping = String(on);
    };
    const start = (event: DragEvent) => {
      event.dataTransfer?.setData(TILE_DRAG, key);
    };
    const over = (event: DragEvent) => {
      if (!isTile(event)) return;
      event.preventDefault();
      mark(true);
    };
    const drop = (event: DragEvent) => {
      const dragged = event.dataTransfer?.getData(TILE_DRAG) ?? "";
      mark(false);
      if (dragged === "" || dragged === key) return;
      event.preventDefault();
      onDropBefore(dragged, key);
    };
    tile.addEventListener("dragstart", start, options);
    tile.addEventListener("dragover", over, options);
    tile.addEventListener("dragleave", () => mark(false), options);
    tile.addEventListener("drop", drop, options);
    return () => controller.abort();
  }, [place, key, onDropBefore]);
}
