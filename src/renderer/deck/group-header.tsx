import { useAtomValue, useSetAtom } from "jotai/react";
import type { ReactNode } from "react";
import { useSession } from "../app-context.js";
import { cancel, runAgain } from "../state/actions.js";
import type { TileGroup } from "../state/arrange.js";
import { cutOffAtom, mayControlAtom, nowAtom, workflowAtom } from "../state/atoms.js";
import { firstArtifactsAtom } from "../state/deck-atoms.js";
import { openArtifactAtom } from "../state/interface.js";
import { groupingAtom } from "../state/preferences.js";
import { shapeSeen } from "../state/shape.js";
import type { Slot } from "../state/slots.js";
import { payloadTitle } from "../state/titles.js";
import { Button } from "../ui/button.js";
import { absoluteTime, plural, shortDuration, timeOfDay } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";
import { HeldButton } from "./held-button.js";
import { UnfoldButton } from "./parallel-stream-display.js";

/** One line above the tiles of a workflow or agent. A lone workflow has none: its tiles speak. */
export function GroupHeader({ group, alone }: { group: TileGroup; alone: boolean }): ReactNode {
  const grouping = useAtomValue(groupingAtom);
  const folded = group.folded.length > 0 ? <UnfoldButton count={group.folded.length} /> : null;
  if (grouping === "workflow" && !alone) return <WorkflowHeader id={group.name} folded={folded} />;
  if (grouping === "agent") {
    return (
      <header className="group-header">
        <h2 className="group-title truncate">{group.name}</h2>
        <span className="group-note">{plural(begun(group.slots) + group.folded.length, "stream")}</span>
        <span className="spacer" />
        {folded}
      </header>
    );
  }
  return folded === null ? null : <header className="group-header">{folded}</header>;
}

const begun = (slots: readonly Slot[]) => slots.filter(({ streamId }) => streamId !== null).length;

const SHAPES = { running: "live", completed: "done", failed: "failed", cancelled: "stopped" } as const;

function WorkflowHeader({ id, folded }: { id: string; folded: ReactNode }): ReactNode {
  const session = useSession();
  const workflow = useAtomValue(workflowAtom(id));
  const first = useAtomValue(firstArtifactsAtom).get(id);
  const mayControl = useAtomValue(mayControlAtom);
  const openArtifact = useSetAtom(openArtifactAtom);
  const running = workflow?.status === "running";
  const cutOff = useAtomValue(cutOffAtom);
  const shape = shapeSeen(workflow === undefined ? "waiting" : SHAPES[workflow.status], cutOff);
  return (
    <header className="group-header">
      <StateIcon shape={shape} />
      <h2 className="group-title truncate">
        {first === undefined ? "Workflow" : `${first.type}: ${payloadTitle(first.payload)}`}
      </h2>
      {workflow === undefined ? null : (
        <time className="group-note" title={absoluteTime(workflow.startedAt)}>
          {timeOfDay(workflow.startedAt)} ·{" "}
          {workflow.duration === null ? <Age since={workflow.startedAt} /> : shortDuration(workflow.duration * 1000)}
        </time>
      )}
      <span className="spacer" />
      {folded}
      {first === undefined ? null : (
        <Button small onClick={() => openArtifact(first.id)}>
          Input
        </Button>
      )}
      {mayControl ? (
        <>
          <HeldButton icon="again" shown={!running} onClick={() => void runAgain(session, id)}>
            Run again
          </HeldButton>
          <HeldButton icon="stop" shown={running} onClick={() => void cancel(session, { correlation_id: id })}>
            Stop all of it
          </HeldButton>
        </>
      ) : null}
    </header>
  );
}

function Age({ since }: { since: number }): string {
  return shortDuration(useAtomValue(nowAtom) - since);
}
