import { useAtomValue } from "jotai/react";
import { type ReactNode, useEffect, useState } from "react";
import { useSession } from "../app-context.js";
import { connectionAtom, mayControlAtom, syncedAtom } from "../state/atoms.js";
import { Button } from "../ui/button.js";
import { shortDuration } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";

/** Whether what is seen is live. Says so in words only when it is not, or when one may only look. */
export function ConnectionState(): ReactNode {
  const session = useSession();
  const status = useAtomValue(connectionAtom);
  const synced = useAtomValue(syncedAtom);
  const mayControl = useAtomValue(mayControlAtom);
  const live = status.kind === "live" && synced;
  if (live) {
    return (
      <p className="connection" data-testid="connection-state" data-state="live">
        {mayControl ? <span className="visually-hidden">Connected</span> : <span className="chip">watching</span>}
      </p>
    );
  }
  if (status.kind === "offline" || status.kind === "refused") {
    return (
      <p className="connection" data-testid="connection-state" data-state={status.kind}>
        <StateIcon shape="paused" />
        <span className="truncate" title={status.reason} role="status">
          {status.kind === "refused" ? status.reason : "Offline"}
        </span>
        {/* It would be read out at every tick. */}
        <span className="connection-retry" aria-hidden="true">
          <Retry at={status.retryAt} />
        </span>
        <Button small onClick={() => session.connection.retryNow()}>
          Retry now
        </Button>
      </p>
    );
  }
  const words = status.kind === "connecting" ? "Connecting" : "Catching up";
  return (
    <p className="connection" data-testid="connection-state" data-state={status.kind} role="status">
      <StateIcon shape="waiting" />
      {words}
    </p>
  );
}

function Retry({ at }: { at: number }): string {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((ticks) => ticks + 1), 500);
    return () => clearInterval(timer);
  }, []);
  const left = at - Date.now();
  return left > 0 ? `retry in ${shortDuration(left + 500)}` : "trying now";
}
