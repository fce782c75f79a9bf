import type { createStore } from "jotai/vanilla";
import { arrangementAtom } from "./deck-atoms.js";

/** Where each stream's tile lies among the others, as the deck arranges them. */
export class PageOrder {
  readonly #store: ReturnType<typeof createStore>;
  #arrangement: unknown;
  readonly #places = new Map<string, number>();

  constructor(store: ReturnType<typeof createStore>) {
    this.#store = store;
  }

  /** Place by stream, the topmost tile's lowest. One without a tile has none. */
  places(): ReadonlyMap<string, number> {
    const arrangement = this.#store.get(arrangementAtom);
    if (arrangement !== this.#arrangement) {
      this.#arrangement = arrangement;
      this.#places.clear();
      for (const { slots } of arrangement.groups) {
        for (const { streamId } of slots) if (streamId !== null) this.#places.set(streamId, this.#places.size);
      }
    }
    return this.#places;
  }
}
