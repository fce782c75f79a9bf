import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Reading anew takes at most one part in so many of the time, however long the text is. */
const SHARE = 10;

/** Counts the changes of the text below `root`, so that what was read from it is read anew before it is painted. */
export function useTextChanges(root: RefObject<HTMLElement | null>): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let rested = 0;
    const count = () => {
      timer = undefined;
      const started = performance.now();
      flushSync(() => setChanges((before) => before + 1));
      const ended = performance.now();
      rested = ended + (ended - started) * (SHARE - 1);
    };
    const observer = new MutationObserver(() => {
      if (timer !== undefined) return;
      const wait = rested - performance.now();
      if (wait > 0) timer = setTimeout(count, wait);
      else count();
    });
    observer.observe(element, { subtree: true, childList: true, characterData: true });
    setChanges((before) => before + 1);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [root]);
  return changes;
}
