import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useRef, useState } from "react";
import type { DesktopState } from "../../protocol/desktop.js";
import { useSession } from "../app-context.js";
import type { Request } from "../connection/requests.js";
import { explain } from "../state/actions.js";
import { desktopAtom } from "../state/atoms.js";
import { dialogAtom } from "../state/interface.js";
import { Button } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { Icon } from "../ui/icon.js";
import { useFocusLeft } from "../ui/use-focus-left.js";
import { RemoteLinks } from "./remote-links.js";
import { RemoteViewers } from "./remote-viewers.js";
import "./remote.css";

type Remote = DesktopState["remote"];

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** Lets others watch or steer by a link: start, links, who is there, rotate, stop. */
export function RemoteDialog(): ReactNode {
  const setDialog = useSetAtom(dialogAtom);
  const desktop = useAtomValue(desktopAtom);
  const [fault, setFault] = useState<string | null>(null);
  const session = useSession();
  if (desktop === null) return null;
  const { remote } = desktop;
  const ask = (message: Request) => {
    setFault(null);
    session.request(message).catch((error: unknown) => setFault(explain(error)));
  };
  return (
    <Dialog title="Remote" onClose={() => setDialog(null)}>
      <div className="remote">
        {fault === null ? null : (
          <div className="notice notice-failed" role="alert">
            <Icon name="warning" />
            <span>{fault}</span>
          </div>
        )}
        {remote.running ? <Running remote={remote} ask={ask} /> : <StartForm remote={remote} ask={ask} />}
      </div>
    </Dialog>
  );
}

interface AskProps {
  readonly remote: Remote;
  readonly ask: (message: Request) => void;
}

function StartForm({ remote, ask }: AskProps): ReactNode {
  const [host, setHost] = useState(remote.host || "127.0.0.1");
  const [port, setPort] = useState(String(remote.port));
  const open = !LOOPBACK.test(host);
  const [allowed, setAllowed] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFocusLeft(form);
  return (
    <form
      ref={form}
      className="remote-start"
      onSubmit={(event) => {
        event.preventDefault();
        ask({
          type: "desktop_request",
          method: "start_remote",
          host,
          port: Number(port),
          ...(open ? { allow_network: allowed } : {}),
        });
      }}
    >
      <p>
        Anyone with the link sees every stream live in a browser, and slows nothing. A control link may also publish and
        stop.
      </p>
      <div className="remote-fields">
        <label className="field">
          <span className="field-label">Interface</span>
          <select className="input" value={host} onChange={(event) => setHost(event.target.value)}>
            {remote.interfaces.map(({ name, address }) => (
              <option key={address} value={address}>
                {name} ({address})
              </option>
            ))}
          </select>
        </label>
        <label className="field remote-port">
          <span className="field-label">Port</span>
          <input
            className="input"
            inputMode="numeric"
            pattern="[0-9]+"
            required
            value={port}
            onChange={(event) => setPort(event.target.value)}
          />
        </label>
      </div>
      {open ? (
        <label className="toggle">
          <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.target.checked)} />
          Others on this network can reach it, without encryption. I want that.
        </label>
      ) : null}
      <Button look="solid" icon="remote" type="submit" disabled={open && !allowed}>
        Start
      </Button>
    </form>
  );
}

function Running({ remote, ask }: AskProps): ReactNode {
  return (
    <>
      {remote.warning === null ? null : (
        <div className="notice">
          <Icon name="warning" />
          <span>{remote.warning}</span>
        </div>
      )}
      <RemoteLinks watch={remote.watch_link} control={remote.control_link} />
      <RemoteViewers
        viewers={remote.viewers}
        onDisconnect={(viewer_id) => ask({ type: "desktop_request", method: "disconnect_viewer", viewer_id })}
      />
      <div className="remote-actions">
        <Button look="outline" icon="again" onClick={() => ask({ type: "desktop_request", method: "rotate_tokens" })}>
          New links
        </Button>
        <span className="field-hint">Old links stop working and their viewers are disconnected.</span>
        <span className="spacer" />
        <Button look="danger" icon="stop" onClick={() => ask({ type: "desktop_request", method: "stop_remote" })}>
          Stop
        </Button>
      </div>
    </>
  );
}
