import { type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "../ui/button.js";
import { clearHighlights, findRanges, highlight } from "./find-ranges.js";
import type { KeptSearch } from "./tile-modes.js";
import { useTextChanges } from "./use-text-changes.js";

interface FindBarProps {
  readonly root: RefObject<HTMLElement | null>;
  readonly kept: KeptSearch;
  /** Brings a match into sight, which the uppermost `covered` pixels of the view are not. */
  readonly onReveal: (range: Range, covered: number) => void;
  readonly onClose: () => void;
}

/** Find in one stream. Matches are marked over the text, which itself stays untouched while it grows. */
export function FindBar({ root, kept, onReveal, onClose }: FindBarProps): ReactNode {
  const [query, setQuery] = useState(kept.query);
  const [at, setAt] = useState(0);
  /** What the reader asked to be shown; text that changes asks for nothing. */
  const [asked, setAsked] = useState(0);
  const owner = useId();
  const bar = useRef<HTMLElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const changes = useTextChanges(root);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the text is what makes ranges stale
  const ranges = useMemo(() => (root.current === null ? [] : findRanges(root.current, query)), [root, query, changes]);
  const current = Math.min(at, Math.max(0, ranges.length - 1));
  const reveal = useRef(() => {});
  reveal.current = () => {
    const range = ranges[current];
    if (range !== undefined) onReveal(range, bar.current?.offsetHeight ?? 0);
  };
  const go = (to: number) => {
    setAt(ranges.length === 0 ? 0 : (to + ranges.length) % ranges.length);
    setAsked(asked + 1);
  };

  useLayoutEffect(() => {
    const before = document.activeElement;
    if (kept.wantsFocus) input.current?.focus();
    kept.wantsFocus = false;
    return () => {
      if (bar.current?.contains(document.activeElement)) giveBack(before, root.current);
    };
  }, [root, kept]);
  useLayoutEffect(() => highlight(owner, ranges, current), [owner, ranges, current]);
  useLayoutEffect(() => () => clearHighlights(owner), [owner]);
  useEffect(() => {
    if (asked > 0) reveal.current();
  }, [asked]);

  return (
    <search className="find-bar" ref={bar}>
      <input
        ref={input}
        className="input"
        type="search"
        placeholder="Find in this stream"
        aria-label="Find in this stream"
        value={query}
        onChange={(event) => {
          kept.query = event.target.value;
          setQuery(kept.query);
          setAt(0);
          setAsked(asked + 1);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") go(current + (event.shiftKey ? -1 : 1));
          else if (event.key === "Escape") {
            // A dialog around the bar would close as well.
            event.preventDefault();
            onClose();
          }
        }}
      />
      <output className="find-count">
        {query === "" ? "" : `${ranges.length === 0 ? 0 : current + 1}/${ranges.length}`}
      </output>
      <IconButton icon="left" label="Previous match" small onClick={() => go(current - 1)} />
      <IconButton icon="right" label="Next match" small onClick={() => go(current + 1)} />
      <IconButton icon="close" label="Close the search" small onClick={onClose} />
    </search>
  );
}

/** Focuses what had the focus before the search, or else the tile or text that was searched. */
function giveBack(before: Element | null, text: HTMLElement | null): void {
  const had = before instanceof HTMLElement && before !== document.body && before.isConnected;
  const target = had ? before : (text?.closest<HTMLElement>(".stream-tile") ?? text);
  target?.focus({ preventScroll: true });
}
