import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import type { StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { cancel, runAgain, say } from "../state/actions.js";
import { mayControlAtom } from "../state/atoms.js";
import { copyText } from "../ui/copy-text.js";
import { MenuItem, MenuSeparator } from "../ui/menu.js";
import { MoreMenu, PlaceItems } from "./place-menu.js";
import type { TileActions } from "./tile-actions.js";

/** Copies what is held of a stream, and says if that is not all. */
export async function copyStream(session: ReturnType<typeof useSession>, streamId: string): Promise<void> {
  const stream = session.view.streams.get(streamId);
  if (stream === undefined) return;
  try {
    await copyText(stream.text.slice());
    say(session, stream.lostUnits > 0 ? "Copied, without the beginning that is missing here." : "Copied as Markdown.");
  } catch {
    say(session, "Copying is not allowed here. Open the raw view and select the text.", true);
  }
}

interface StreamMenuProps {
  readonly stream: StreamView;
  readonly actions: TileActions;
  readonly alone: boolean;
}

export function StreamMenu({ stream, actions, alone }: StreamMenuProps): ReactNode {
  const session = useSession();
  const mayControl = useAtomValue(mayControlAtom);
  const { modes } = actions;
  const { agent_name: agent, correlation_id: workflow, run_id: run } = stream.started;
  return (
    <MoreMenu
      agent={agent}
      items={(item) => (
        <>
          {alone ? null : (
            <MenuItem icon="expand" keys="Enter" onSelect={item(actions.maximise)}>
              Open full screen
            </MenuItem>
          )}
          <MenuItem icon="search" keys="f" onSelect={item(() => modes.setFinding(true))}>
            Find in stream
          </MenuItem>
          <MenuItem icon="copy" keys="c" onSelect={item(() => void copyStream(session, stream.id))}>
            Copy as Markdown
          </MenuItem>
          <MenuItem checked={modes.raw} keys="r" onSelect={item(() => modes.setRaw(!modes.raw))}>
            Raw view
          </MenuItem>
          <MenuItem checked={modes.details} keys="i" onSelect={item(() => modes.setDetails(!modes.details))}>
            Timings and lag
          </MenuItem>
          <MenuItem checked={actions.compared} keys="x" onSelect={item(actions.toggleCompare)}>
            Compare
          </MenuItem>
          {alone ? null : (
            <>
              <MenuSeparator />
              <PlaceItems actions={actions} item={item} />
            </>
          )}
          {mayControl ? (
            <>
              <MenuSeparator />
              <MenuItem icon="again" onSelect={item(() => void runAgain(session, workflow))}>
                Run the whole workflow again
              </MenuItem>
              <MenuItem
                icon="stop"
                disabled={stream.status !== "live"}
                onSelect={item(() => void cancel(session, { run_id: run }))}
              >
                Stop this run
              </MenuItem>
              <MenuItem
                icon="stop"
                disabled={session.view.workflows.get(workflow)?.status !== "running"}
                onSelect={item(() => void cancel(session, { correlation_id: workflow }))}
              >
                Stop the whole workflow
              </MenuItem>
            </>
          ) : null}
        </>
      )}
    />
  );
}
