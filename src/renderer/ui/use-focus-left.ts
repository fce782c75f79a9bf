import { type RefObject, useLayoutEffect } from "react";

/** What can have the focus without a control of its own, from the inside out. */
const PLACES = "dialog, .stream-tile, main";

/** Focuses the nearest place around an element, at last the main part of the page: from there Tab goes on nearby. */
export function focusAround(element: Element): void {
  const place = element.parentElement?.closest<HTMLElement>(PLACES) ?? document.getElementById("main");
  place?.focus({ preventScroll: true });
}

/** When the element goes with the focus in it, gives the focus to what is around it, where the browser would drop it. */
export function useFocusLeft(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(
    () => () => {
      if (element.current?.contains(document.activeElement)) focusAround(element.current);
    },
    [element],
  );
}
