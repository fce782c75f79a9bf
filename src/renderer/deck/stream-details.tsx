import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import type { RunView, StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { nowAtom } from "../state/atoms.js";
import { CopyButton } from "../ui/copy-button.js";
import { absoluteTime, count, shortId } from "../ui/format.js";

/** Honest lag: when the first text came, how much is produced and how much of it is shown, and every attempt. */
export function StreamDetails({ stream: { id }, run }: { stream: StreamView; run: RunView | undefined }): ReactNode {
  const session = useSession();
  useAtomValue(nowAtom);
  const stream = session.view.streams.get(id);
  if (stream === undefined) return null;
  const shown = stream.text.end - stream.text.start;
  const behind = stream.length - stream.text.end;
  const earlier = (run?.faults ?? []).filter((fault) => fault.attempt < stream.started.attempt);
  const first = stream.firstTextAt === null ? null : stream.firstTextAt - stream.started.started_at;
  return (
    <dl className="stream-details">
      <dt>First text</dt>
      <dd>{first === null ? "not yet, or before this viewer came" : `after ${(first / 1000).toFixed(2)} s`}</dd>
      <dt>Produced</dt>
      <dd>{count(stream.length)} characters</dd>
      <dt>Shown</dt>
      <dd>
        {count(shown)}
        {behind > 0 ? `, ${count(behind)} behind` : ""}
      </dd>
      <dt>Attempt</dt>
      <dd>
        {stream.started.attempt}
        {earlier.length === 0 ? "" : ` after: ${earlier.map((fault) => fault.message).join("; ")}`}
      </dd>
      <dt>Started</dt>
      <dd>{absoluteTime(stream.started.started_at)}</dd>
      <dt>Stream</dt>
      <dd>
        <CopyButton small text={() => id} title={id}>
          <span className="mono">{shortId(id)}</span>
        </CopyButton>
      </dd>
    </dl>
  );
}
