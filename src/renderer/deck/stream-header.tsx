import { useAtomValue } from "jotai/react";
import { memo, type ReactNode } from "react";
import type { RunView, StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { cancel } from "../state/actions.js";
import { mayControlAtom, nowAtom } from "../state/atoms.js";
import { quietFor, stalledShape } from "../state/shape.js";
import { IconButton } from "../ui/button.js";
import { absoluteTime, count, exactDuration, shortDuration, shortModel, UNITS_PER_TOKEN } from "../ui/format.js";
import { SHAPE_WORD, type Shape, StateIcon } from "../ui/state-icon.js";
import { Truncated } from "../ui/truncated.js";
import { HeldButton } from "./held-button.js";
import { StreamMenu } from "./stream-menu.js";
import { StreamingIndicator } from "./streaming-indicator.js";
import type { TileActions } from "./tile-actions.js";

interface StreamHeaderProps {
  readonly stream: StreamView;
  readonly run: RunView | undefined;
  readonly shape: Shape;
  readonly actions: TileActions;
  /** It fills the screen: there is no place to arrange. */
  readonly alone?: boolean;
}

/** Who writes, on what model, in which state and how fast. Moves once a second, not with the text. */
export const StreamHeader = memo(function StreamHeader({
  stream,
  run,
  shape,
  actions,
  alone = false,
}: StreamHeaderProps): ReactNode {
  const session = useSession();
  const mayControl = useAtomValue(mayControlAtom);
  const { agent_name: agent, model, attempt } = stream.started;
  return (
    <header className="stream-header">
      <div className="stream-title" draggable>
        <StreamIcon stream={stream} shape={shape} />
        <div className="stream-names" data-fit-box>
          <Truncated as="h2" className="stream-agent" title={agent}>
            {agent}
          </Truncated>
          <Truncated className="stream-model" title={model}>
            {shortModel(model)}
          </Truncated>
        </div>
        {attempt > 1 ? <span className="chip">attempt {attempt}</span> : null}
        {actions.pinned ? <span className="chip">pinned</span> : null}
        <Elapsed stream={stream} />
      </div>
      <div className="stream-status">
        <Progress stream={stream} run={run} shape={shape} />
        <span className="spacer" />
        <IconButton
          icon="expand"
          small
          label={`Open ${agent} full screen`}
          className="on-hover"
          onClick={actions.maximise}
        />
        {mayControl ? (
          <HeldButton
            icon="stop"
            label={`Stop ${agent}`}
            shown={stream.status === "live"}
            data-testid="stream-stop"
            onClick={() => void cancel(session, { stream_id: stream.id })}
          />
        ) : null}
        <StreamMenu stream={stream} actions={actions} alone={alone} />
      </div>
    </header>
  );
});

/** The shape now: a stall is known by the clock alone. */
export function useShapeNow(stream: StreamView, shape: Shape): Shape {
  const session = useSession();
  return stalledShape(shape, quietFor(session.view.streams.get(stream.id) ?? stream, useAtomValue(nowAtom)));
}

export function StreamIcon({ stream, shape }: { stream: StreamView; shape: Shape }): ReactNode {
  return <StateIcon shape={useShapeNow(stream, shape)} />;
}

export function Elapsed({ stream }: { stream: StreamView }): ReactNode {
  const started = stream.started.started_at;
  return (
    <time className="stream-elapsed" title={`Started ${absoluteTime(started)}`}>
      {stream.duration === null ? <LiveElapsed since={started} /> : exactDuration(stream.duration * 1000)}
    </time>
  );
}

function LiveElapsed({ since }: { since: number }): string {
  return shortDuration(useAtomValue(nowAtom) - since);
}

/** Tokens as the provider counted them, or about as many as the text has. */
export function tokensOf(stream: StreamView): string {
  const told = stream.usage?.output_tokens;
  if (told !== undefined && stream.usage?.estimated !== true) return `${count(told)} tok`;
  return `${count(told ?? Math.round(stream.length / UNITS_PER_TOKEN))} tok`;
}

function Progress({ stream, run, shape }: Pick<StreamHeaderProps, "stream" | "run" | "shape">): ReactNode {
  const session = useSession();
  const quiet = quietFor(session.view.streams.get(stream.id) ?? stream, useAtomValue(nowAtom));
  if (stalledShape(shape, quiet) === "stalled") {
    return (
      <>
        <span className="stream-word stream-stalled">stalled</span>
        <span className="stream-rate">no new text for {shortDuration(quiet)}</span>
      </>
    );
  }
  if (shape === "live") return <StreamingIndicator streamId={stream.id} />;
  if (shape === "paused" && run?.waiting != null) {
    return (
      <>
        <span className="stream-word">{SHAPE_WORD.paused}</span>
        <span className="stream-rate truncate" title={run.waiting.reason}>
          <Countdown until={run.waiting.until} /> · {run.waiting.reason}
        </span>
      </>
    );
  }
  if (shape === "lost") {
    return (
      <>
        <span className="stream-word">{SHAPE_WORD.lost}</span>
        <span className="stream-rate truncate">{tokensOf(session.view.streams.get(stream.id) ?? stream)} so far</span>
      </>
    );
  }
  return (
    <>
      <span className="stream-word" data-shape={shape}>
        {SHAPE_WORD[shape]}
      </span>
      <span className="stream-rate" title={stream.usage?.estimated === true ? "Estimated from the text" : undefined}>
        {tokensOf(stream)}
        {shape === "stopped" ? " kept" : ""}
      </span>
    </>
  );
}

export function Countdown({ until }: { until: number }): string {
  return shortDuration(until - useAtomValue(nowAtom));
}
