import { useAtom, useAtomValue } from "jotai/react";
import type { KeyboardEvent, ReactNode } from "react";
import type { StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { cutOffAtom, runAtom, slotsAtom, streamAtom } from "../state/atoms.js";
import { shapeAmongAttempts } from "../state/attempts.js";
import { fullScreenAtom } from "../state/interface.js";
import { shapeSeen } from "../state/shape.js";
import type { Slot } from "../state/slots.js";
import { Button, IconButton } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { StreamDetails } from "./stream-details.js";
import { StreamFooter } from "./stream-footer.js";
import { StreamHeader } from "./stream-header.js";
import { copyStream } from "./stream-menu.js";
import { StreamText } from "./stream-text.js";
import { useTileActions } from "./tile-actions.js";
import { streamKey } from "./tile-keys.js";
import { useTileModes } from "./tile-modes.js";

/** One stream alone, in a comfortable measure. */
export function FullScreen(): ReactNode {
  const [id, setId] = useAtom(fullScreenAtom);
  return id === null ? null : <OpenStream key={id} id={id} onClose={() => setId(null)} />;
}

/** What is typed into a field or at a button is theirs. */
function isOfText({ target, currentTarget }: KeyboardEvent): boolean {
  return target === currentTarget || (target as HTMLElement).matches('[data-testid="stream-text"]');
}

function OpenStream({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const stream = useAtomValue(streamAtom(id));
  const slots = useAtomValue(slotsAtom(stream?.started.correlation_id ?? ""));
  const slot = slots.find(({ streamId }) => streamId === id);
  if (stream === undefined || slot === undefined) return null;
  return <StreamAlone stream={stream} slot={slot} onClose={onClose} />;
}

interface StreamAloneProps {
  readonly stream: StreamView;
  readonly slot: Slot;
  readonly onClose: () => void;
}

function StreamAlone({ stream, slot, onClose }: StreamAloneProps): ReactNode {
  const session = useSession();
  const run = useAtomValue(runAtom(stream.started.run_id));
  const modes = useTileModes();
  const actions = useTileActions(slot, modes);
  const { id } = stream;
  const shape = shapeSeen(shapeAmongAttempts(session.view, stream), useAtomValue(cutOffAtom));
  return (
    <Dialog
      size="full"
      title={stream.started.agent_name}
      bodyClass="full-screen"
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.defaultPrevented || !isOfText(event)) return;
        if (streamKey(event, session, stream, modes)) event.preventDefault();
      }}
      actions={
        <>
          <IconButton icon="search" label="Find in stream" onClick={() => modes.setFinding(!modes.finding)} />
          <IconButton icon="copy" label="Copy as Markdown" onClick={() => void copyStream(session, id)} />
          <Button small aria-pressed={modes.raw} onClick={() => modes.setRaw(!modes.raw)}>
            Raw
          </Button>
          <Button small aria-pressed={modes.details} onClick={() => modes.setDetails(!modes.details)}>
            Timings
          </Button>
          {document.fullscreenEnabled ? (
            <IconButton
              icon="expand"
              label="Fill the screen"
              onClick={(event) => {
                if (document.fullscreenElement !== null) void document.exitFullscreen();
                else void event.currentTarget.closest("dialog")?.requestFullscreen();
              }}
            />
          ) : null}
        </>
      }
    >
      <div className="full-column" data-stream-id={id}>
        <StreamHeader stream={stream} run={run} shape={shape} actions={actions} alone />
        {modes.details ? <StreamDetails stream={stream} run={run} /> : null}
        <StreamText streamId={id} modes={modes} alone />
        <StreamFooter stream={stream} run={run} />
      </div>
    </Dialog>
  );
}
