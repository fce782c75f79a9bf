import { atom } from "jotai/vanilla";
import type { ViewState } from "../../protocol/view-state.js";
import { streamRevisionAtom } from "./atoms.js";
import type { Documents } from "./documents.js";

interface Texts {
  readonly view: ViewState;
  readonly documents: Documents;
}

/** Sets the revisions of many tiles in one write, so that their listeners are told once. */
export const setTexts = atom(null, (_get, set, { view, documents }: Texts, ids: readonly string[]) => {
  for (const id of ids) {
    const stream = view.streams.get(id);
    if (stream !== undefined && documents.isHeld(id)) set(streamRevisionAtom(id), stream.revision);
  }
});
