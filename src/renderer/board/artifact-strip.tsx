import { useAtomValue, useSetAtom } from "jotai/react";
import { memo, type ReactNode } from "react";
import type { ArtifactMessage } from "../../protocol/messages.js";
import { artifactsAtom } from "../state/atoms.js";
import { openArtifactAtom, viewAtom } from "../state/interface.js";
import { payloadTitle } from "../state/titles.js";
import { Button } from "../ui/button.js";
import { plural, timeOfDay } from "../ui/format.js";
import "./board.css";

const SHOWN = 24;

/** What the flock has published so far, newest first, on one line under the deck. */
export function ArtifactStrip(): ReactNode {
  const artifacts = useAtomValue(artifactsAtom);
  const setView = useSetAtom(viewAtom);
  if (artifacts.length === 0) return null;
  const newest = artifacts.slice(-SHOWN).reverse();
  return (
    <section className="strip" aria-label="Artifacts">
      <Button small className="strip-all" onClick={() => setView("board")}>
        {plural(artifacts.length, "artifact")}
      </Button>
      <ul className="strip-list">
        {newest.map(({ artifact }) => (
          <li key={artifact.id} className="strip-item">
            <StripButton artifact={artifact} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const StripButton = memo(function StripButton({ artifact }: { artifact: ArtifactMessage }): ReactNode {
  const open = useSetAtom(openArtifactAtom);
  return (
    <button
      type="button"
      className="strip-artifact"
      data-testid="artifact-row"
      data-artifact-id={artifact.id}
      title={`${payloadTitle(artifact.payload)}\n${timeOfDay(artifact.created_at)}`}
      // A browser leaves alone what it sees a part of.
      onFocus={({ currentTarget }) => currentTarget.scrollIntoView({ block: "nearest", inline: "nearest" })}
      onClick={() => open(artifact.id)}
    >
      <span className="strip-type">{artifact.type}</span>
      <span className="strip-by">{artifact.produced_by}</span>
    </button>
  );
});
