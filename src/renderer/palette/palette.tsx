import { Command } from "cmdk";
import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useMemo } from "react";
import { useSession } from "../app-context.js";
import { goToStream } from "../state/actions.js";
import { cutOffAtom } from "../state/atoms.js";
import { shapeAmongAttempts } from "../state/attempts.js";
import { dialogAtom, openArtifactAtom } from "../state/interface.js";
import { shapeSeen } from "../state/shape.js";
import { payloadTitle } from "../state/titles.js";
import { Icon } from "../ui/icon.js";
import { SHAPE_WORD, StateIcon } from "../ui/state-icon.js";
import { useModal } from "../ui/use-modal.js";
import { commandsFor } from "./commands.js";
import { rank } from "./rank.js";
import "./palette.css";

const MOST_STREAMS = 400;
const MOST_ARTIFACTS = 200;

/** Find and do anything by typing: commands, tiles, artifacts. */
export function Palette(): ReactNode {
  const session = useSession();
  const setDialog = useSetAtom(dialogAtom);
  const close = () => setDialog(null);
  // The platform would give the focus to the list's frame, where typing goes nowhere.
  const modal = useModal(close, "input");
  return (
    <dialog {...modal} className="dialog palette" aria-label="Command palette">
      <Entries session={session} close={close} />
    </dialog>
  );
}

function Entries({ session, close }: { session: ReturnType<typeof useSession>; close: () => void }): ReactNode {
  const openArtifact = useSetAtom(openArtifactAtom);
  const cutOff = useAtomValue(cutOffAtom);
  const commands = useMemo(() => commandsFor(session), [session]);
  const groups = useMemo(() => [...new Set(commands.map(({ group }) => group))], [commands]);
  const streams = useMemo(() => [...session.view.streams.values()].slice(-MOST_STREAMS).reverse(), [session]);
  const artifacts = useMemo(() => [...session.view.artifacts.values()].slice(-MOST_ARTIFACTS).reverse(), [session]);
  const run = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <Command label="Command palette" loop vimBindings={false} filter={rank}>
      <Command.Input placeholder="Type a command, an agent or an artifact" className="palette-input" />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">Nothing of that name</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Command.Item key={command.id} value={`${command.name} ${command.id}`} onSelect={run(command.run)}>
                  <Icon name={command.icon} />
                  <span className="truncate">{command.name}</span>
                  {command.keys === undefined ? null : <kbd className="kbd">{command.keys}</kbd>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {streams.length === 0 ? null : (
          <Command.Group heading="Streams">
            {streams.map((stream) => {
              const shape = shapeSeen(shapeAmongAttempts(session.view, stream), cutOff);
              const { agent_name: agent, model, artifact_type: type } = stream.started;
              return (
                <Command.Item
                  key={stream.id}
                  value={`${agent} ${SHAPE_WORD[shape]} ${model} ${type} ${stream.id}`}
                  onSelect={run(() => goToStream(session, stream.id))}
                >
                  <StateIcon shape={shape} />
                  <span className="truncate">{agent}</span>
                  <span className="palette-note truncate">
                    {SHAPE_WORD[shape]} · {type}
                  </span>
                </Command.Item>
              );
            })}
          </Command.Group>
        )}
        {artifacts.length === 0 ? null : (
          <Command.Group heading="Artifacts">
            {artifacts.map(({ artifact }) => (
              <Command.Item
                key={artifact.id}
                value={`${artifact.type} by ${artifact.produced_by} ${payloadTitle(artifact.payload)} ${artifact.id}`}
                onSelect={run(() => openArtifact(artifact.id))}
              >
                <Icon name="file" />
                <span className="truncate">
                  {artifact.type} by {artifact.produced_by}
                </span>
                <span className="palette-note truncate">{payloadTitle(artifact.payload)}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}
