import type { ReactNode } from "react";
import type { DesktopState } from "../../protocol/desktop.js";
import { IconButton } from "../ui/button.js";
import { absoluteTime, shortDuration, textSize } from "../ui/format.js";

type RemoteViewer = DesktopState["remote"]["viewers"][number];

interface RemoteViewersProps {
  readonly viewers: readonly RemoteViewer[];
  readonly onDisconnect: (id: string) => void;
}

/** Who watches, since when, and how far behind. */
export function RemoteViewers({ viewers, onDisconnect }: RemoteViewersProps): ReactNode {
  if (viewers.length === 0) return <p className="field-hint">Nobody is connected. Send somebody a link.</p>;
  return (
    <table className="viewers">
      <thead>
        <tr>
          <th scope="col">Viewer</th>
          <th scope="col">May</th>
          <th scope="col">For</th>
          <th scope="col">Behind</th>
          <th scope="col">
            <span className="visually-hidden">Disconnect</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {viewers.map((viewer) => (
          <tr key={viewer.id}>
            <td>{viewer.address || viewer.carrier}</td>
            <td>{viewer.role}</td>
            <td title={absoluteTime(viewer.connected_at)}>{shortDuration(Date.now() - viewer.connected_at)}</td>
            <td>{viewer.lag_chars === 0 ? "in step" : textSize(viewer.lag_chars)}</td>
            <td>
              <IconButton
                small
                icon="close"
                label={`Disconnect ${viewer.address || viewer.carrier}`}
                onClick={() => onDisconnect(viewer.id)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
