import { useAtomValue, useStore } from "jotai/react";
import { memo, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import type { RunView, StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { streamRatesAtom, streamRevisionAtom } from "../state/atoms.js";
import { presentRate } from "../state/rates.js";
import { count } from "../ui/format.js";
import { SHAPE_WORD, type Shape } from "../ui/state-icon.js";
import { Truncated } from "../ui/truncated.js";
import { LastLine } from "./last-line.js";
import { Sparkline } from "./sparkline.js";
import { Countdown, Elapsed, StreamIcon, tokensOf, useShapeNow } from "./stream-header.js";
import type { TileActions } from "./tile-actions.js";

interface WallTileProps {
  readonly stream: StreamView;
  readonly run: RunView | undefined;
  readonly shape: Shape;
  readonly actions: TileActions;
}

/** One of a hundred: name, state, last line, rate. */
export const WallTile = memo(function WallTile({ stream, run, shape, actions }: WallTileProps): ReactNode {
  return (
    <button type="button" className="wall-tile" tabIndex={-1} onClick={actions.maximise}>
      <span className="wall-title">
        <StreamIcon stream={stream} shape={shape} />
        <Truncated className="stream-agent">{stream.started.agent_name}</Truncated>
        <Elapsed stream={stream} />
      </span>
      <WallLine streamId={stream.id} />
      <span className="wall-status">
        {shape === "live" ? (
          <WallRates stream={stream} />
        ) : (
          <span className="stream-word" data-shape={shape}>
            {SHAPE_WORD[shape]} <WallNote stream={stream} run={run} shape={shape} />
          </span>
        )}
      </span>
    </button>
  );
});

function WallNote({ stream, run, shape }: Omit<WallTileProps, "actions">): ReactNode {
  if (shape === "lost") return null;
  return run?.waiting == null ? tokensOf(stream) : <Countdown until={run.waiting.until} />;
}

/**
 * Written past React: text that is added to a node keeps the lines that are laid out, one that is replaced does not; and
 * a hundred renders for each flush cost as much as their layout.
 */
function WallLine({ streamId }: { streamId: string }): ReactNode {
  const session = useSession();
  const store = useStore();
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => session.show(streamId), [session, streamId]);
  useLayoutEffect(() => {
    const line = new LastLine();
    const node = new Text();
    const write = () => {
      const stream = session.view.streams.get(streamId);
      const shown = stream === undefined ? "" : line.read(stream.text);
      if (shown === node.data) return;
      if (shown.startsWith(node.data)) node.appendData(shown.slice(node.data.length));
      else node.data = shown;
    };
    write();
    text.current?.append(node);
    const end = store.sub(streamRevisionAtom(streamId), write);
    return () => {
      end();
      node.remove();
    };
  }, [session, store, streamId]);
  return (
    <span className="wall-line" data-testid="stream-text">
      <span ref={text} />
    </span>
  );
}

function WallRates({ stream }: { stream: StreamView }): ReactNode {
  const rates = useAtomValue(streamRatesAtom(stream.id));
  if (useShapeNow(stream, "live") === "stalled") return <span className="stream-word stream-stalled">stalled</span>;
  return (
    <>
      <span className="wall-rate">{rates.length === 0 ? "" : `${count(presentRate(rates))} tok/s`}</span>
      <Sparkline rates={rates} />
    </>
  );
}
