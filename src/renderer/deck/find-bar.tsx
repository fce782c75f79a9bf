import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "../ui/button.js";
import { clearHighlights, findRanges, highlight } from "./find-ranges.js";

interface FindBarProps {
  readonly root: RefObject<HTMLElement | null>;
  /** Brings a match into sight. */
  readonly onReveal: (range: Range) => void;
  readonly onClose: () => void;
}

/** Find in one stream. Matches are marked over the text, which itself stays untouched while it grows. */
export function FindBar({ root, onReveal, onClose }: FindBarProps): ReactNode {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const reveal = useRef(onReveal);
  reveal.current = onReveal;
  const input = useRef<HTMLInputElement>(null);
  const ranges = useMemo(() => (root.current === null ? [] : findRanges(root.current, query)), [root, query]);
  const current = ranges.length === 0 ? 0 : ((at % ranges.length) + ranges.length) % ranges.length;

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    highlight(ranges, current);
    const range = ranges[current];
    if (range !== undefined) reveal.current(range);
    return clearHighlights;
  }, [ranges, current]);

  return (
    <search className="find-bar">
      <input
        ref={input}
        className="input"
        type="search"
        placeholder="Find in this stream"
        aria-label="Find in this stream"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") setAt(at + (event.shiftKey ? -1 : 1));
          else if (event.key === "Escape") {
            // Not prevented, it would close the dialog around it too.
            event.preventDefault();
            onClose();
          }
        }}
      />
      <output className="find-count">
        {query === "" ? "" : `${ranges.length === 0 ? 0 : current + 1}/${ranges.length}`}
      </output>
      <IconButton icon="left" label="Previous match" small onClick={() => setAt(at - 1)} />
      <IconButton icon="right" label="Next match" small onClick={() => setAt(at + 1)} />
      <IconButton icon="close" label="Close the search" small onClick={onClose} />
    </search>
  );
}
