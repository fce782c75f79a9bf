import { useAtomValue } from "jotai/react";
import { memo, type ReactNode } from "react";
import type { RunView, StreamView } from "../../protocol/view-state.js";
import { artifactsAtom } from "../state/atoms.js";
import type { Density } from "../state/preferences.js";
import type { Shape } from "../ui/state-icon.js";
import { StreamDetails } from "./stream-details.js";
import { StreamFooter } from "./stream-footer.js";
import { StreamHeader, useShapeNow } from "./stream-header.js";
import { StreamText } from "./stream-text.js";
import type { TileActions } from "./tile-actions.js";
import type { TileModes } from "./tile-modes.js";
import { useDrawTurn } from "./use-draw-turn.js";
import { WallTile } from "./wall-tile.js";

interface StreamPanelProps {
  readonly stream: StreamView;
  readonly run: RunView | undefined;
  readonly shape: Shape;
  readonly density: Density;
  readonly actions: TileActions;
}

/** The inside of one tile that is on screen. */
export const StreamPanel = memo(function StreamPanel({
  stream,
  run,
  shape,
  density,
  actions,
}: StreamPanelProps): ReactNode {
  if (density === "wall")
    return (
      <>
        {shape === "failed" ? <div className="tile-edge" data-shape={shape} /> : null}
        <WallTile stream={stream} run={run} shape={shape} actions={actions} />
      </>
    );
  return (
    <>
      <Edge stream={stream} shape={shape} />
      <StreamHeader stream={stream} run={run} shape={shape} actions={actions} />
      {actions.modes.details ? <StreamDetails stream={stream} run={run} /> : null}
      <TextInTurn key={stream.id} streamId={stream.id} modes={actions.modes} />
      <Causes stream={stream} run={run} />
    </>
  );
});

function TextInTurn(props: { streamId: string; modes: TileModes }): ReactNode {
  return useDrawTurn(props.streamId) ? <StreamText {...props} /> : <div className="stream-body" />;
}

/** A line along the top of what is being written or has failed: a bar of its own, which is cheaper than a background. */
function Edge({ stream, shape }: { stream: StreamView; shape: Shape }): ReactNode {
  const now = useShapeNow(stream, shape);
  return now === "live" || now === "failed" ? <div className="tile-edge" data-shape={now} /> : null;
}

/** The causal line changes with the board, not with the text. */
function Causes({ stream, run }: { stream: StreamView; run: RunView | undefined }): ReactNode {
  useAtomValue(artifactsAtom);
  return <StreamFooter stream={stream} run={run} />;
}
