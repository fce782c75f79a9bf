import { useStore } from "jotai/react";
import { useEffect } from "react";
import { mayControlAtom } from "../state/atoms.js";
import { dialogAtom, VIEWS, viewAtom } from "../state/interface.js";
import { DENSITIES, densityAtom, letterShortcutsAtom } from "../state/preferences.js";
import type { Store } from "../state/session.js";

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], .cm-editor") !== null
  );
}

function changeDensity(store: Store, by: number): void {
  const next = DENSITIES[DENSITIES.indexOf(store.get(densityAtom)) + by];
  if (next !== undefined) store.set(densityAtom, next);
}

function letterKey(store: Store, key: string): boolean {
  const view = VIEWS[Number(key) - 1];
  if (view !== undefined) store.set(viewAtom, view);
  else if (key === "p" && store.get(mayControlAtom)) store.set(dialogAtom, "publish");
  else if (key === "?") store.set(dialogAtom, "shortcuts");
  else if (key === "+") changeDensity(store, 1);
  else if (key === "-") changeDensity(store, -1);
  else if (key === "t") document.querySelector<HTMLElement>(".stream-tile")?.focus();
  else if (key === "/") {
    store.set(viewAtom, "deck");
    requestAnimationFrame(() => document.getElementById("deck-filter")?.focus());
  } else return false;
  return true;
}

/** The shortcuts that hold everywhere. Those of a tile are the tile's own. */
export function useShortcuts(): void {
  const store = useStore();
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        store.set(dialogAtom, store.get(dialogAtom) === "palette" ? null : "palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]") !== null || !store.get(letterShortcutsAtom)) return;
      if (letterKey(store, event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", handle);
    return () => document.removeEventListener("keydown", handle);
  }, [store]);
}
