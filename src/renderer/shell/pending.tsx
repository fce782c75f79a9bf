import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import { useSession } from "../app-context.js";
import { connectionAtom, desktopAtom } from "../state/atoms.js";
import { Button } from "../ui/button.js";
import { openFile } from "./flock-menu.js";

/** Before anything is known: what is being waited for, and what to do if it does not come. */
export function Pending(): ReactNode {
  const session = useSession();
  const status = useAtomValue(connectionAtom);
  const desktop = useAtomValue(desktopAtom);
  if (desktop !== null && desktop.flock === null) {
    return (
      <div className="empty">
        <p className="empty-title">No flock is open</p>
        <p>Open a flock file, drop one here, or begin with an example.</p>
        <div className="empty-actions">
          <Button look="solid" icon="folder" onClick={() => openFile(session)}>
            Open a flock file
          </Button>
          {desktop.examples.map((example) => (
            <Button key={example.path} look="outline" onClick={() => openFile(session, example.path)}>
              {example.name}
            </Button>
          ))}
        </div>
      </div>
    );
  }
  if (status.kind === "offline" || status.kind === "refused") {
    return (
      <div className="empty">
        <p className="empty-title">{status.kind === "refused" ? "Not let in" : "The server cannot be reached"}</p>
        <p>{status.reason} It is tried again by itself.</p>
        <Button look="outline" onClick={() => session.connection.retryNow()}>
          Try now
        </Button>
      </div>
    );
  }
  return (
    <div className="empty" role="status">
      <p>{status.kind === "connecting" ? "Connecting" : "Catching up"}</p>
    </div>
  );
}
