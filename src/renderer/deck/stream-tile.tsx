import { useAtomValue, useStore } from "jotai/react";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from "react";
import { useSession } from "../app-context.js";
import type { Side } from "../state/arrange.js";
import { cutOffAtom, runAtom, streamAtom, streamRatesAtom } from "../state/atoms.js";
import { shapeAmongAttempts } from "../state/attempts.js";
import { densityAtom } from "../state/preferences.js";
import { shapeSeen, stateWord } from "../state/shape.js";
import type { Slot } from "../state/slots.js";
import { SHAPE_WORD } from "../ui/state-icon.js";
import { StreamPanel } from "./stream-panel.js";
import { type TileActions, useTileActions } from "./tile-actions.js";
import { steeredTile } from "./tile-focus.js";
import { tileKey } from "./tile-keys.js";
import { useTileModes } from "./tile-modes.js";
import { deckColumns } from "./use-deck-rows.js";
import { useOnScreen } from "./use-on-screen.js";
import { useTileDrag } from "./use-tile-drag.js";
import { WaitingPanel } from "./waiting-panel.js";

const NO_RUN = "";

interface StreamTileProps {
  readonly slot: Slot;
  /** Whether Tab stops here: one tile of the deck does, the arrow keys reach the others. */
  readonly tabStop: boolean;
  readonly onDrop: (key: string, target: string, side: Side) => void;
}

/** The place of one tile. It keeps its size whether its inside is drawn or not; off screen it costs counters only. */
export const StreamTile = memo(function StreamTile({ slot, tabStop, onDrop }: StreamTileProps): ReactNode {
  const session = useSession();
  const place = useRef<HTMLElement>(null);
  const seen = useOnScreen(place);
  const density = useAtomValue(densityAtom);
  const stream = useAtomValue(streamAtom(slot.streamId ?? NO_RUN));
  const run = useAtomValue(runAtom(stream?.started.run_id ?? NO_RUN));
  const modes = useTileModes();
  const actions = useTileActions(slot, modes);
  useTileDrag(place, slot.key, onDrop);
  const cutOff = useAtomValue(cutOffAtom);
  const shape = stream === undefined ? "waiting" : shapeSeen(shapeAmongAttempts(session.view, stream), cutOff);
  useLength(slot.streamId, place);

  return (
    <article
      ref={place}
      className="stream-tile"
      data-testid="stream-tile"
      data-stream-id={slot.streamId ?? ""}
      data-agent={slot.agent}
      data-workflow-id={slot.workflowId}
      data-state={stateWord(shape)}
      data-shape={shape}
      data-compared={actions.compared}
      data-drawn={seen}
      data-fit-scope
      aria-label={`${slot.agent}, ${SHAPE_WORD[shape]}`}
      tabIndex={tabStop ? 0 : -1}
      style={spanStyle(actions, density === "wall")}
      onKeyDown={(event: KeyboardEvent<HTMLElement>) => {
        const mine = !event.defaultPrevented && steeredTile(event.target) === place.current;
        if (mine && tileKey(event, session, stream, actions)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      {!seen ? null : (
        <>
          {stream === undefined ? (
            <WaitingPanel actions={actions} />
          ) : (
            <StreamPanel stream={stream} run={run} shape={shape} density={density} actions={actions} />
          )}
          {density === "wall" ? null : <ResizeHandle actions={actions} />}
        </>
      )}
    </article>
  );
});

function spanStyle({ columns, rows }: TileActions, wall: boolean) {
  if (wall || (columns === 1 && rows === 1)) return undefined;
  // Wider than the grid, it would make columns of its own, a pixel wide, and others would be put into them.
  return { gridColumn: `span min(${columns}, var(--deck-columns, 1))`, gridRow: `span ${rows}` };
}

/** Keeps `data-length` true for tiles that are not drawn, without rendering them. */
function useLength(streamId: string | null, place: React.RefObject<HTMLElement | null>): void {
  const session = useSession();
  const store = useStore();
  useEffect(() => {
    const write = () => {
      const length = streamId === null ? 0 : (session.view.streams.get(streamId)?.length ?? 0);
      if (place.current !== null) place.current.dataset.length = String(length);
    };
    write();
    if (streamId === null) return;
    const ends = [store.sub(streamRatesAtom(streamId), write), store.sub(streamAtom(streamId), write)];
    return () => {
      for (const end of ends) end();
    };
  }, [streamId, session, store, place]);
}

/** Drags the corner by whole columns and rows. The menu and the keys do the same. */
function ResizeHandle({ actions }: { actions: TileActions }): ReactNode {
  const from = useRef<{ x: number; y: number; width: number; height: number; columns: number; rows: number } | null>(
    null,
  );
  return (
    <div
      className="resize-handle"
      aria-hidden="true"
      onPointerDown={(event) => {
        const place = event.currentTarget.parentElement;
        if (place === null) return;
        const tile = place.getBoundingClientRect();
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        const columns = Math.min(actions.columns, deckColumns(place));
        const { rows } = actions;
        from.current = {
          x: event.clientX,
          y: event.clientY,
          width: tile.width / columns,
          height: tile.height / rows,
          columns,
          rows,
        };
      }}
      onPointerMove={(event) => {
        const start = from.current;
        if (start === null) return;
        const columns = start.columns + Math.round((event.clientX - start.x) / start.width);
        const rows = start.rows + Math.round((event.clientY - start.y) / start.height);
        if (columns !== actions.columns || rows !== actions.rows) actions.resize(columns, rows);
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
    />
  );
}
