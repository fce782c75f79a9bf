import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useSession } from "../app-context.js";
import { Markdown } from "../board/payload-view.js";
import { Elapsed, tokensOf } from "../deck/stream-header.js";
import { runAtom, streamAtom } from "../state/atoms.js";
import { comparedAtom, dialogAtom } from "../state/interface.js";
import { shapeOfStream } from "../state/shape.js";
import { Button, IconButton } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { plural, shortModel } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";
import { align, differences, type Section, sections } from "./align.js";
import "./compare.css";

/** How often texts that still grow are aligned anew, in milliseconds. */
const REFRESH_MS = 500;

/** The texts as they are now, read anew a few times a second while one of them grows. */
function useTexts(ids: readonly string[]): readonly string[] {
  const session = useSession();
  const [, setTick] = useState(0);
  useEffect(() => {
    const holds = ids.map((id) => session.show(id));
    const timer = setInterval(() => setTick((tick) => tick + 1), REFRESH_MS);
    return () => {
      clearInterval(timer);
      for (const release of holds) release();
    };
  }, [ids, session]);
  const texts = ids.map((id) => session.view.streams.get(id)?.text.slice() ?? "");
  const same = texts.join("\u0000");
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal texts keep their identity
  return useMemo(() => texts, [same]);
}

/** Two to four streams side by side, aligned by heading, also while they stream. */
export function CompareDialog(): ReactNode {
  const ids = useAtomValue(comparedAtom);
  const setCompared = useSetAtom(comparedAtom);
  const setDialog = useSetAtom(dialogAtom);
  const [marked, setMarked] = useState(true);
  const texts = useTexts(ids);
  const rows = useMemo(() => align(texts.map(sections)), [texts]);
  return (
    <Dialog
      title={ids.length === 0 ? "Compare streams" : `Compare ${plural(ids.length, "stream")}`}
      size="full"
      bodyClass="compare"
      onClose={() => setDialog(null)}
      actions={
        <Button small aria-pressed={marked} onClick={() => setMarked(!marked)}>
          Mark differences from the first
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="compare-scroll" tabIndex={0} aria-label="Texts side by side">
        <div className="compare-grid" style={{ gridTemplateColumns: `repeat(${ids.length}, minmax(34ch, 1fr))` }}>
          {ids.map((id) => (
            <ColumnHead key={id} id={id} onRemove={() => setCompared(ids.filter((other) => other !== id))} />
          ))}
          {rows.map((cells, row) =>
            cells.map((cell, column) => (
              <Cell
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity beyond their place
                key={`${row}/${ids[column]}`}
                cell={cell}
                base={marked && column > 0 ? (cells[0] ?? null) : null}
              />
            )),
          )}
        </div>
      </section>
    </Dialog>
  );
}

function ColumnHead({ id, onRemove }: { id: string; onRemove: () => void }): ReactNode {
  const session = useSession();
  useAtomValue(streamAtom(id));
  // Text alone does not set the atom; the texts are read anew a few times a second, and their length with them.
  const stream = session.view.streams.get(id);
  const run = useAtomValue(runAtom(stream?.started.run_id ?? ""));
  if (stream === undefined) return <div className="compare-head">cleared</div>;
  return (
    <div className="compare-head">
      <StateIcon shape={shapeOfStream(stream, run)} />
      <h3 className="stream-agent truncate">{stream.started.agent_name}</h3>
      <span className="stream-model truncate">{shortModel(stream.started.model)}</span>
      <span className="stream-rate">{tokensOf(stream)}</span>
      <Elapsed stream={stream} />
      <IconButton small icon="close" label={`Take ${stream.started.agent_name} out`} onClick={onRemove} />
    </div>
  );
}

function Cell({ cell, base }: { cell: Section | null; base: Section | null }): ReactNode {
  if (cell === null) return <div className="compare-cell compare-missing">not here</div>;
  return (
    <div className="compare-cell">
      {base === null || base.text === cell.text ? (
        <Markdown text={cell.text} />
      ) : (
        <p className="compare-diff">
          {differences(base.text, cell.text).map((part, at) => {
            const id = `${at}/${part.kind}`;
            if (part.kind === "added") return <ins key={id}>{part.text}</ins>;
            if (part.kind === "removed") return <del key={id}>{part.text}</del>;
            return <span key={id}>{part.text}</span>;
          })}
        </p>
      )}
    </div>
  );
}
