import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import { artifactsAtom, helloAtom, workflowAtom } from "../state/atoms.js";
import { densityAtom } from "../state/preferences.js";
import { shortModel } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";
import { Truncated } from "../ui/truncated.js";
import { countTypes } from "./causes.js";
import { PlaceMenu } from "./place-menu.js";
import type { TileActions } from "./tile-actions.js";

/** The place of an agent that has not begun: what it waits for, and what of that is there. */
export function WaitingPanel({ actions }: { actions: TileActions }): ReactNode {
  const { slot } = actions;
  const agent = useAtomValue(helloAtom)?.agents.find(({ name }) => name === slot.agent);
  const workflow = useAtomValue(workflowAtom(slot.workflowId));
  const artifacts = useAtomValue(artifactsAtom);
  const wall = useAtomValue(densityAtom) === "wall";
  const over = workflow !== undefined && workflow.status !== "running";
  const needs = countTypes(agent?.consumes ?? []).map(({ type, count }) => {
    const there = artifacts.filter(
      ({ artifact }) => artifact.correlation_id === slot.workflowId && artifact.type === type,
    ).length;
    return { type, count, there };
  });
  // What is all there and has set nothing off is not enough yet, or waits for its turn.
  const all = needs.every(({ count, there }) => there >= count);
  const word = over ? "did not start" : "waiting";
  if (wall) {
    return (
      <div className="wall-tile">
        <span className="wall-title">
          <StateIcon shape="waiting" />
          <Truncated className="stream-agent">{slot.agent}</Truncated>
        </span>
        <span className="wall-line">{needs.map(({ type }) => type).join(", ")}</span>
        <span className="wall-status">
          <span className="stream-word">{word}</span>
        </span>
      </div>
    );
  }
  return (
    <>
      <header className="stream-header">
        <div className="stream-title" draggable>
          <StateIcon shape="waiting" />
          <div className="stream-names" data-fit-box>
            <Truncated as="h2" className="stream-agent">
              {slot.agent}
            </Truncated>
            <Truncated className="stream-model">{shortModel(agent?.model ?? "")}</Truncated>
          </div>
          {actions.pinned ? <span className="chip">pinned</span> : null}
        </div>
        <div className="stream-status">
          <span className="stream-word">{word}</span>
          <span className="spacer" />
          <PlaceMenu actions={actions} />
        </div>
      </header>
      <div className="waiting-body">
        <p>{agent?.description}</p>
        <ul className="needs">
          {needs.map(({ type, count, there }) => (
            <li key={type}>
              <StateIcon shape={there >= count && (over || !all) ? "done" : "waiting"} />
              <span>
                {over && there < count ? "no " : ""}
                {count > 1 ? `${count} × ` : ""}
                {type}
                {there > 0 ? <span className="need-count"> {there} there</span> : null}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <footer className="stream-footer">
        <Truncated className="cause-idle">← {agent?.consumes.join(", ")}</Truncated>
        <span className="spacer" />
        <Truncated className="cause-idle">→ {agent?.publishes.join(", ")}</Truncated>
      </footer>
    </>
  );
}
