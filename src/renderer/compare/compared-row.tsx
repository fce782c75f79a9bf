import { memo, type ReactNode, type RefObject, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTextChanges } from "../deck/use-text-changes.js";
import { LiveDocument } from "../markdown/live-document.js";
import { LiveMarkdown } from "../markdown/live-markdown.js";
import { count } from "../ui/format.js";
import type { ComparedCell } from "./compared-texts.js";
import { MOST_WORDS } from "./differences.js";
import { mark } from "./marks.js";
import { type CellDifferences, RowDifferences } from "./row-differences.js";

const UNMARKED = {
  long: `Not marked: more than ${count(MOST_WORDS)} words to compare.`,
  other: "Not marked: mostly other words than the first.",
} as const;

/** Phrases that are told to those who cannot see the marks. */
const MOST_PHRASES = 12;

interface ComparedRowProps {
  readonly cells: readonly ComparedCell[];
  readonly marked: boolean;
}

/** One section of every text, side by side, all rendered the same. */
export const ComparedRow = memo(
  function ComparedRow({ cells, marked }: ComparedRowProps): ReactNode {
    const root = useRef<HTMLDivElement>(null);
    const found = useDifferences(root, cells, marked);
    return (
      <div className="compare-row" ref={root}>
        {cells.map((cell, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity beyond their place
          <Cell key={column} cell={cell} column={column} differences={found[column]} />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.marked === after.marked &&
    before.cells.length === after.cells.length &&
    before.cells.every(({ text, grows }, at) => text === after.cells[at]?.text && grows === after.cells[at]?.grows),
);

function useDifferences(
  root: RefObject<HTMLElement | null>,
  cells: readonly ComparedCell[],
  marked: boolean,
): readonly CellDifferences[] {
  const owner = useId();
  const [row] = useState(() => new RowDifferences());
  const changes = useTextChanges(root);
  const growing = cells.map(({ grows }) => grows).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: words are read from the page, which `changes` tells about
  const found = useMemo(() => {
    if (!marked || root.current === null) return [];
    const rendered = cells.map(({ grows }, column) => {
      const text = root.current?.querySelector(`[data-column="${column}"] > .compare-text`);
      return text == null ? null : { root: text, grows };
    });
    return row.find(rendered);
  }, [root, row, changes, growing, marked]);
  useLayoutEffect(
    () =>
      mark(
        owner,
        found.flatMap(({ ranges }) => ranges),
      ),
    [owner, found],
  );
  useLayoutEffect(() => () => mark(owner, []), [owner]);
  return found;
}

interface CellProps {
  readonly cell: ComparedCell;
  readonly column: number;
  readonly differences: CellDifferences | undefined;
}

function Cell({ cell: { text, grows }, column, differences }: CellProps): ReactNode {
  if (text === null) return <div className="compare-cell compare-missing">{grows ? "not yet" : "not here"}</div>;
  const phrases = differences?.phrases ?? [];
  return (
    <div className="compare-cell" data-column={column}>
      <div className="compare-text">
        <GrowingMarkdown text={text} grows={grows} />
      </div>
      {differences?.unmarked == null ? null : <p className="compare-note">{UNMARKED[differences.unmarked]}</p>}
      {phrases.length === 0 ? null : (
        <p className="visually-hidden">
          {column === 0 ? "In none of the others: " : "Not in the first: "}
          {phrases.slice(0, MOST_PHRASES).join("; ")}
          {phrases.length > MOST_PHRASES ? `; and ${count(phrases.length - MOST_PHRASES)} more` : ""}.
        </p>
      )}
    </div>
  );
}

/** Rendered as a tile renders it: what grows is only added. */
function GrowingMarkdown({ text, grows }: { text: string; grows: boolean }): ReactNode {
  const [document] = useState(() => new LiveDocument());
  if (!text.startsWith(document.text)) document.reset(text);
  else document.append(text.slice(document.length));
  if (!grows) document.finish();
  return <LiveMarkdown document={document} revision={document.revision} complete />;
}
