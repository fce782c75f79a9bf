const watched = new WeakMap<Document, { selected: boolean }>();

/** The selection, if it spans any text and touches `element`. */
export function selectionIn(element: Element): Selection | undefined {
  if (!watch(element.ownerDocument).selected) return undefined;
  const selection = element.ownerDocument.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  return selection.getRangeAt(0).intersectsNode(element) ? selection : undefined;
}

/** Calls `callback` as soon as nothing in `element` is selected, which may be at once. Returns what cancels it. */
export function whenUnselected(element: Element, callback: () => void): () => void {
  const { ownerDocument } = element;
  const check = (): void => {
    if (selectionIn(element)) return;
    ownerDocument.removeEventListener("selectionchange", check);
    callback();
  };
  watch(ownerDocument);
  ownerDocument.addEventListener("selectionchange", check);
  check();
  return () => ownerDocument.removeEventListener("selectionchange", check);
}

/** Whether anything is selected, kept by the event: asking the selection itself costs a layout (0.3 ms an update). */
function watch(owner: Document): { readonly selected: boolean } {
  const known = watched.get(owner);
  if (known) return known;
  const read = (): boolean => owner.getSelection()?.isCollapsed === false;
  const state = { selected: read() };
  owner.addEventListener("selectionchange", () => {
    state.selected = read();
  });
  watched.set(owner, state);
  return state;
}
