import { type DOMAttributes, type FocusEvent, type KeyboardEvent, useRef } from "react";
import type { FollowEnd } from "./use-follow-end.js";

/** Room above what has the focus, for the search bar and for a line that tells where one is. */
const ROOM_PX = 48;
const PASSING = new Set(["Tab", "Shift", "Enter", " "]);

type Handlers = Pick<DOMAttributes<HTMLElement>, "onFocus" | "onBlur" | "onKeyDown" | "onWheel" | "onPointerDown">;

/**
 * Keeps in sight what the keyboard has the focus on inside a text that follows its end (WCAG 2.4.7, 2.4.11): the text
 * stands, moved down to it, until the focus goes elsewhere. A reader who then scrolls has taken it over. For the element
 * around the text and the button that leads back to the end.
 */
export function useHeldFocus({ box, following, hold, follow }: FollowEnd, live: boolean): Handlers {
  const held = useRef(false);
  const takeOver = () => {
    held.current = false;
  };
  return {
    onFocus: ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
      const view = box.current;
      if (view === null || target === view || !view.contains(target) || !target.matches(":focus-visible")) return;
      // The button that leads back makes room.
      currentTarget.dataset.focusInside = "true";
      if (!following) return;
      const room = Math.min(ROOM_PX, view.clientHeight / 3);
      const above = target.getBoundingClientRect().top - view.getBoundingClientRect().top - room;
      // What has ended moves no more.
      if (!live && above >= 0) return;
      held.current = true;
      hold(Math.min(0, above));
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
      delete currentTarget.dataset.focusInside;
      // Another window may have come to the front: then the focus comes back to where it was.
      if (!held.current || currentTarget.contains(relatedTarget) || !document.hasFocus()) return;
      held.current = false;
      follow();
    },
    onKeyDown: ({ key }: KeyboardEvent) => {
      if (!PASSING.has(key)) takeOver();
    },
    onWheel: takeOver,
    onPointerDown: takeOver,
  };
}
