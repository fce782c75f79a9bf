import { useAtomValue } from "jotai/react";
import { type CSSProperties, type ReactNode, useState } from "react";
import { useSession } from "../app-context.js";
import { goToStream } from "../state/actions.js";
import { cutOffAtom, nowAtom, runIdsAtom, totalsAtom, workflowIdsAtom } from "../state/atoms.js";
import { firstArtifactsAtom } from "../state/deck-atoms.js";
import { payloadTitle } from "../state/titles.js";
import { absoluteTime, exactDuration, plural, shortDuration, timeOfDay } from "../ui/format.js";
import { SHAPE_WORD, StateIcon } from "../ui/state-icon.js";
import { axisTicks, mostAtOnce, type TimelineRun, type TimelineStream, timelineRuns } from "./timeline-rows.js";
import "./timeline.css";

/** Every run as a bar with its streams, so that what ran at the same time is seen. */
export function TimelineView(): ReactNode {
  const session = useSession();
  const workflows = useAtomValue(workflowIdsAtom);
  const [chosen, setChosen] = useState<string | null>(null);
  useAtomValue(runIdsAtom);
  useAtomValue(totalsAtom);
  const now = useAtomValue(nowAtom);
  const workflowId = chosen !== null && workflows.includes(chosen) ? chosen : (workflows.at(-1) ?? null);
  const cutOff = useAtomValue(cutOffAtom);
  const runs = timelineRuns(session.view, workflowId, now, cutOff);
  if (runs.length === 0) {
    return (
      <div className="empty">
        <p className="empty-title">Nothing has run yet</p>
        <p>Publish something: every run becomes a bar here, beside those that run at the same time.</p>
      </div>
    );
  }
  const from = Math.min(...runs.map((run) => run.start));
  const until = Math.max(from + 1000, ...runs.map((run) => run.end));
  return (
    <div className="timeline">
      <div className="timeline-tools">
        <WorkflowChoice value={workflowId} onChange={setChosen} />
        <p className="timeline-sum">
          {plural(runs.length, "run")} in {exactDuration(until - from)}, at most {mostAtOnce(runs)} at once
        </p>
      </div>
      <div className="timeline-rows" style={{ "--length": until - from } as CSSProperties}>
        <Axis length={until - from} />
        <ol>
          {runs.map((run) => (
            <Row key={run.id} run={run} from={from} length={until - from} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function WorkflowChoice({ value, onChange }: { value: string | null; onChange: (id: string) => void }): ReactNode {
  const session = useSession();
  const workflows = useAtomValue(workflowIdsAtom);
  const first = useAtomValue(firstArtifactsAtom);
  if (workflows.length < 2) return null;
  return (
    <select
      className="input timeline-choice"
      aria-label="Workflow"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value)}
    >
      {workflows.map((id) => (
        <option key={id} value={id}>
          {timeOfDay(session.view.workflows.get(id)?.startedAt ?? 0)} {first.get(id)?.type ?? ""}{" "}
          {payloadTitle(first.get(id)?.payload)}
        </option>
      ))}
    </select>
  );
}

const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(3)}%`;

function Axis({ length }: { length: number }): ReactNode {
  return (
    <div className="timeline-axis" aria-hidden="true">
      {axisTicks(length).map((at) => (
        <span key={at} className="timeline-tick" style={{ left: percent(at, length) }}>
          {at % 1000 === 0 ? shortDuration(at) : `${at / 1000}s`}
        </span>
      ))}
    </div>
  );
}

function Row({ run, from, length }: { run: TimelineRun; from: number; length: number }): ReactNode {
  return (
    <li className="timeline-row">
      <span className="timeline-agent">
        <StateIcon shape={run.shape} />
        <span className="truncate">{run.agent}</span>
      </span>
      <span className="timeline-track">
        <span
          className="timeline-run"
          style={{ left: percent(run.start - from, length), width: percent(Math.max(1, run.end - run.start), length) }}
        />
        {run.streams.map((stream) => (
          <StreamBar key={stream.id} agent={run.agent} stream={stream} from={from} length={length} />
        ))}
      </span>
      <span className="timeline-time">{exactDuration(run.end - run.start)}</span>
    </li>
  );
}

interface StreamBarProps {
  readonly agent: string;
  readonly stream: TimelineStream;
  readonly from: number;
  readonly length: number;
}

function StreamBar({ agent, stream, from, length }: StreamBarProps): ReactNode {
  const session = useSession();
  const took = stream.end - stream.start;
  const wait =
    stream.firstText === null
      ? ["live", "paused", "lost"].includes(stream.shape)
        ? took
        : 0
      : Math.min(took, Math.max(0, stream.firstText - stream.start));
  const firstText = stream.firstText === null ? "no text seen yet" : `first text after ${(wait / 1000).toFixed(2)} s`;
  const words = `${agent}, ${SHAPE_WORD[stream.shape]}, attempt ${stream.attempt}, ${exactDuration(took)}`;
  return (
    <button
      type="button"
      className="timeline-stream"
      data-shape={stream.shape}
      aria-label={`${words}. Go to its tile.`}
      title={`${words}\nstarted ${absoluteTime(stream.start)}\n${firstText}`}
      style={{ left: percent(stream.start - from, length), width: percent(Math.max(1, took), length) }}
      onClick={() => goToStream(session, stream.id)}
    >
      <span className="timeline-wait" style={{ width: percent(wait, Math.max(1, took)) }} />
    </button>
  );
}
