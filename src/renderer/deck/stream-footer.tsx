import { useAtomValue, useSetAtom } from "jotai/react";
import { memo, type ReactNode } from "react";
import type { ArtifactView, RunView, StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { goToStream } from "../state/actions.js";
import { helloAtom } from "../state/atoms.js";
import { openArtifactAtom } from "../state/interface.js";
import { payloadTitle } from "../state/titles.js";
import { Menu, MenuItem, MenuNote } from "../ui/menu.js";
import { Truncated } from "../ui/truncated.js";
import {
  consumedArtifacts,
  consumersOf,
  countTypes,
  producedArtifacts,
  streamsFedBy,
  streamThatProduced,
} from "./causes.js";

interface StreamFooterProps {
  readonly stream: StreamView;
  readonly run: RunView | undefined;
}

/** The causal line: what set this off (←) and what its output feeds (→). Both lead there. */
export const StreamFooter = memo(function StreamFooter({ stream, run }: StreamFooterProps): ReactNode {
  const session = useSession();
  const hello = useAtomValue(helloAtom);
  const { artifact_type: type } = stream.started;
  const consumed = consumedArtifacts(session.view, stream);
  const types = countTypes(
    consumed.length > 0 ? consumed.map(({ artifact }) => artifact.type) : (run?.activated.consumed_types ?? []),
  );
  const consumers = consumersOf(hello?.agents ?? [], type);
  return (
    <footer className="stream-footer">
      <Menu
        small
        className="cause"
        name="What set this off"
        title="What set this off"
        label={<Truncated>← {types.length === 0 ? "input" : types.map(typeLabel).join(", ")}</Truncated>}
        items={(close) => <Consumed artifacts={consumed} close={close} />}
      />
      <span className="spacer" />
      <Menu
        small
        className="cause cause-out"
        name="What its output feeds"
        title="What its output feeds"
        label={
          <Truncated>
            → {type}
            {consumers.length === 0 ? null : (
              <span className="cause-consumers"> for {consumers.map((agent) => agent.name).join(", ")}</span>
            )}
          </Truncated>
        }
        items={(close) => (
          <Produced
            artifacts={producedArtifacts(session.view, stream)}
            type={type}
            consumers={consumers.map((agent) => agent.name)}
            close={close}
          />
        )}
      />
    </footer>
  );
});

function typeLabel({ type, count }: { type: string; count: number }): string {
  return count === 1 ? type : `${count} × ${type}`;
}

function Consumed({ artifacts, close }: { artifacts: readonly ArtifactView[]; close: () => void }): ReactNode {
  const session = useSession();
  const openArtifact = useSetAtom(openArtifactAtom);
  if (artifacts.length === 0) return <MenuNote>The input is no longer kept</MenuNote>;
  return artifacts.map(({ artifact }) => {
    const origin = streamThatProduced(session.view, artifact.id);
    return (
      <div key={artifact.id} role="presentation">
        <MenuItem
          icon="file"
          note={payloadTitle(artifact.payload)}
          onSelect={() => {
            close();
            openArtifact(artifact.id);
          }}
        >
          {artifact.type} by {artifact.produced_by}
        </MenuItem>
        {origin === undefined ? null : (
          <MenuItem
            icon="left"
            onSelect={() => {
              close();
              goToStream(session, origin.id);
            }}
          >
            Go to {origin.started.agent_name}
          </MenuItem>
        )}
      </div>
    );
  });
}

interface ProducedProps {
  readonly artifacts: readonly ArtifactView[];
  readonly type: string;
  readonly consumers: readonly string[];
  readonly close: () => void;
}

function Produced({ artifacts, type, consumers, close }: ProducedProps): ReactNode {
  const session = useSession();
  const openArtifact = useSetAtom(openArtifactAtom);
  const fed = streamsFedBy(
    session.view,
    artifacts.map(({ artifact }) => artifact.id),
  );
  const waiting = consumers.filter((name) => !fed.some((stream) => stream.started.agent_name === name));
  return (
    <>
      {artifacts.length === 0 ? <MenuNote>{type} is not published yet</MenuNote> : null}
      {artifacts.map(({ artifact }) => (
        <MenuItem
          key={artifact.id}
          icon="file"
          note={payloadTitle(artifact.payload)}
          onSelect={() => {
            close();
            openArtifact(artifact.id);
          }}
        >
          {artifact.type}
        </MenuItem>
      ))}
      {fed.map((stream) => (
        <MenuItem
          key={stream.id}
          icon="right"
          onSelect={() => {
            close();
            goToStream(session, stream.id);
          }}
        >
          Go to {stream.started.agent_name}
        </MenuItem>
      ))}
      {waiting.length === 0 ? null : <MenuNote>{waiting.join(", ")} will take it when complete</MenuNote>}
      {consumers.length === 0 ? <MenuNote>Nobody consumes it: it is an end result</MenuNote> : null}
    </>
  );
}
