import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useState } from "react";
import { useSession } from "../app-context.js";
import { LossMarker } from "../deck/loss-marker.js";
import { Elapsed, tokensOf } from "../deck/stream-header.js";
import { cutOffAtom, runAtom, streamAtom } from "../state/atoms.js";
import { shapeAmongAttempts } from "../state/attempts.js";
import { comparedAtom, dialogAtom } from "../state/interface.js";
import { shapeSeen } from "../state/shape.js";
import { Button, IconButton } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { plural, shortModel } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";
import { ComparedRow } from "./compared-row.js";
import { useComparedRows } from "./compared-texts.js";
import { canMark } from "./marks.js";
import "./compare.css";

const MARKS = "In the first text: what none of the others has. In the others: what the first has not.";

/** Two to four streams side by side, aligned by heading, also while they stream. */
export function CompareDialog(): ReactNode {
  const ids = useAtomValue(comparedAtom);
  const setCompared = useSetAtom(comparedAtom);
  const setDialog = useSetAtom(dialogAtom);
  const [marked, setMarked] = useState(true);
  const rows = useComparedRows(ids);
  return (
    <Dialog
      title={ids.length === 0 ? "Compare streams" : `Compare ${plural(ids.length, "stream")}`}
      size="full"
      bodyClass="compare"
      onClose={() => setDialog(null)}
      actions={
        <Button
          small
          aria-pressed={marked && canMark()}
          disabled={!canMark()}
          title={canMark() ? MARKS : "This browser cannot mark text"}
          onClick={() => setMarked(!marked)}
        >
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
          <Losses ids={ids} />
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beyond their place
            <ComparedRow key={row} cells={cells} marked={marked} />
          ))}
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
  useAtomValue(runAtom(stream?.started.run_id ?? ""));
  const cutOff = useAtomValue(cutOffAtom);
  if (stream === undefined) return <div className="compare-head">cleared</div>;
  return (
    <div className="compare-head">
      <StateIcon shape={shapeSeen(shapeAmongAttempts(session.view, stream), cutOff)} />
      <h3 className="stream-agent truncate">{stream.started.agent_name}</h3>
      <span className="stream-model truncate">{shortModel(stream.started.model)}</span>
      <span className="stream-rate">{tokensOf(stream)}</span>
      <Elapsed stream={stream} />
      <IconButton small icon="close" label={`Take ${stream.started.agent_name} out`} onClick={onRemove} />
    </div>
  );
}

/** Says, for each text whose beginning is missing, that it is. */
function Losses({ ids }: { ids: readonly string[] }): ReactNode {
  const { streams } = useSession().view;
  const lost = ids.map((id) => streams.get(id));
  if (lost.every((stream) => (stream?.lostUnits ?? 0) === 0)) return null;
  return lost.map((stream, column) => (
    <div key={stream?.id ?? column} className="compare-cell">
      <LossMarker units={stream?.lostUnits ?? 0} reason={stream?.lastReset?.reason ?? null} />
    </div>
  ));
}
