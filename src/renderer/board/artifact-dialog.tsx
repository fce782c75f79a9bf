import { useAtom, useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useState } from "react";
import type { ArtifactMessage } from "../../protocol/messages.js";
import { useSession } from "../app-context.js";
import { streamsFedBy, streamThatProduced } from "../deck/causes.js";
import { goToStream } from "../state/actions.js";
import { artifactsAtom, mayControlAtom } from "../state/atoms.js";
import { dialogAtom, draftAtom, openArtifactAtom } from "../state/interface.js";
import { payloadText } from "../state/titles.js";
import { Button } from "../ui/button.js";
import { CopyButton } from "../ui/copy-button.js";
import { Dialog } from "../ui/dialog.js";
import { absoluteTime, shortId } from "../ui/format.js";
import { PayloadView, pretty } from "./payload-view.js";

/** One artifact: its payload, where it came from and what it set off. */
export function ArtifactDialog(): ReactNode {
  const [id, setId] = useAtom(openArtifactAtom);
  const artifacts = useAtomValue(artifactsAtom);
  const artifact = artifacts.find((view) => view.artifact.id === id)?.artifact;
  if (artifact === undefined) return null;
  return <OpenArtifact key={artifact.id} artifact={artifact} onClose={() => setId(null)} />;
}

function OpenArtifact({ artifact, onClose }: { artifact: ArtifactMessage; onClose: () => void }): ReactNode {
  const [raw, setRaw] = useState(false);
  const mayControl = useAtomValue(mayControlAtom);
  const setDraft = useSetAtom(draftAtom);
  const setDialog = useSetAtom(dialogAtom);
  const text = payloadText(artifact.payload);
  return (
    <Dialog
      size="wide"
      title={`${artifact.type} by ${artifact.produced_by}`}
      onClose={onClose}
      actions={
        <>
          {text === undefined ? null : (
            <Button small aria-pressed={raw} onClick={() => setRaw(!raw)}>
              As JSON
            </Button>
          )}
          <CopyButton small text={() => text ?? pretty(artifact.payload)}>
            Copy
          </CopyButton>
          {mayControl ? (
            <Button
              small
              icon="publish"
              onClick={() => {
                setDraft({ type: artifact.type, payload: artifact.payload });
                onClose();
                setDialog("publish");
              }}
            >
              Publish again
            </Button>
          ) : null}
        </>
      }
    >
      <Provenance artifact={artifact} onClose={onClose} />
      <PayloadView payload={artifact.payload} raw={raw} />
    </Dialog>
  );
}

function Provenance({ artifact, onClose }: { artifact: ArtifactMessage; onClose: () => void }): ReactNode {
  const session = useSession();
  const origin = streamThatProduced(session.view, artifact.id);
  const fed = streamsFedBy(session.view, [artifact.id]);
  const go = (id: string) => () => {
    onClose();
    goToStream(session, id);
  };
  return (
    <dl className="provenance">
      <dt>From</dt>
      <dd>
        {origin === undefined ? (
          artifact.produced_by
        ) : (
          <Button small className="link-button" onClick={go(origin.id)}>
            {artifact.produced_by}
          </Button>
        )}
      </dd>
      <dt>Set off</dt>
      <dd>
        {fed.length === 0
          ? "nothing yet"
          : fed.map((stream) => (
              <Button small className="link-button" key={stream.id} onClick={go(stream.id)}>
                {stream.started.agent_name}
              </Button>
            ))}
      </dd>
      <dt>Published</dt>
      <dd>{absoluteTime(artifact.created_at)}</dd>
      <dt>Artifact</dt>
      <dd>
        <CopyButton small text={() => artifact.id} title={artifact.id}>
          <span className="mono">{shortId(artifact.id)}</span>
        </CopyButton>
        {artifact.version > 1 ? ` version ${artifact.version}` : ""}
      </dd>
      {artifact.tags.length === 0 ? null : (
        <>
          <dt>Tags</dt>
          <dd>{artifact.tags.join(", ")}</dd>
        </>
      )}
      {artifact.visibility === "public" ? null : (
        <>
          <dt>Visible to</dt>
          <dd>{typeof artifact.visibility === "string" ? artifact.visibility : pretty(artifact.visibility)}</dd>
        </>
      )}
    </dl>
  );
}
