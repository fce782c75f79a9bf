import { type RefObject, useEffect, useState } from "react";

/** Tiles this far outside the window are drawn already, so that scrolling meets no blank. */
const MARGIN = "160px 0px";

const listeners = new WeakMap<Element, (seen: boolean) => void>();
let observer: IntersectionObserver | undefined;

function sharedObserver(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  return observer;
}

/** Whether the element is on screen or nearly so. One observer serves all tiles. */
export function useOnScreen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    listeners.set(target, setSeen);
    sharedObserver().observe(target);
    return () => {
      listeners.delete(target);
      sharedObserver().unobserve(target);
    };
  }, [element]);
  return seen;
}
