import { useAtomValue, useSetAtom } from "jotai/react";
import type { ReactNode } from "react";
import { cutOffAtom, desktopAtom, mayControlAtom, totalsAtom, workflowIdsAtom } from "../state/atoms.js";
import { dialogAtom } from "../state/interface.js";
import { Button, IconButton } from "../ui/button.js";
import { count } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";
import { ConnectionState } from "./connection-state.js";
import { FlockMenu } from "./flock-menu.js";

export const MODIFIER = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl ";

export function Header(): ReactNode {
  const setDialog = useSetAtom(dialogAtom);
  const mayControl = useAtomValue(mayControlAtom);
  const desktop = useAtomValue(desktopAtom);
  const empty = useAtomValue(workflowIdsAtom).length === 0;
  return (
    <div className="app-header">
      <FlockMenu />
      <ConnectionState />
      <Counters />
      <div className="app-actions">
        <Button
          className="palette-button"
          icon="search"
          aria-label="Open the command palette"
          onClick={() => setDialog("palette")}
        >
          <kbd className="kbd">{MODIFIER}K</kbd>
        </Button>
        {desktop === null ? null : (
          <Button icon="remote" onClick={() => setDialog("remote")}>
            <span className="wide-only">Remote</span>
            {desktop.remote.running ? <RemoteCount viewers={desktop.remote.viewers.length} /> : null}
          </Button>
        )}
        <IconButton icon="settings" label="Settings" onClick={() => setDialog("settings")} />
        {mayControl ? (
          <Button
            look={empty ? "outline" : "solid"}
            icon="publish"
            data-testid="publish-button"
            onClick={() => setDialog("publish")}
          >
            Publish
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function RemoteCount({ viewers }: { viewers: number }): ReactNode {
  return (
    <span className="remote-count" title={`${viewers} remote viewers`}>
      {viewers}
    </span>
  );
}

function Counters(): ReactNode {
  const cutOff = useAtomValue(cutOffAtom);
  const known = useAtomValue(totalsAtom);
  const totals = cutOff ? { ...known, live: 0, paused: 0, stalled: 0 } : known;
  const lost = cutOff ? known.live + known.paused : 0;
  const live = totals.live + totals.paused;
  if (lost + live + totals.waiting + totals.done + totals.failed + totals.stopped === 0)
    return <p className="counters" />;
  return (
    <p className="counters">
      {lost > 0 ? (
        <span className="counter">
          <StateIcon shape="lost" />
          {count(lost)} {lost === 1 ? "was" : "were"} live
        </span>
      ) : null}
      {totals.live > totals.stalled ? (
        <span className="counter" data-live="true">
          <StateIcon shape="live" />
          {count(totals.live - totals.stalled)} live
        </span>
      ) : null}
      {totals.paused > 0 ? (
        <span className="counter">
          <StateIcon shape="paused" />
          {count(totals.paused)} provider wait
        </span>
      ) : null}
      {totals.waiting > 0 ? (
        <span className="counter">
          <StateIcon shape="waiting" />
          {count(totals.waiting)} waiting
        </span>
      ) : null}
      {totals.stalled > 0 ? (
        <span className="counter" data-stalled="true">
          <StateIcon shape="stalled" />
          {count(totals.stalled)} stalled
        </span>
      ) : null}
      {totals.failed > 0 ? (
        <span className="counter" data-failed="true">
          <StateIcon shape="failed" />
          {count(totals.failed)} failed
        </span>
      ) : null}
      {lost + live === 0 && totals.done > 0 ? (
        <span className="counter">
          <StateIcon shape="done" />
          {count(totals.done)} done
        </span>
      ) : null}
      {totals.live > 0 ? <span className="counter">{count(totals.tokensPerSecond)} tok/s</span> : null}
    </p>
  );
}
