import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import type { DesktopFault } from "../../protocol/desktop.js";
import { useSession } from "../app-context.js";
import { desktopAtom } from "../state/atoms.js";
import { Button } from "../ui/button.js";
import { fileName, plural } from "../ui/format.js";
import { Icon } from "../ui/icon.js";
import { openFile } from "./flock-menu.js";

function place({ line, column }: DesktopFault): string {
  if (line === undefined) return "whole file";
  return column === undefined ? `line ${line}` : `line ${line}:${column}`;
}

/** A file that could not be opened, with every fault and how to mend it. The flock that was open goes on below. */
export function RejectedPanel(): ReactNode {
  const session = useSession();
  const rejected = useAtomValue(desktopAtom)?.rejected ?? null;
  if (rejected === null) return null;
  const errors = rejected.faults.filter((fault) => fault.severity === "error").length;
  const dismiss = () => {
    session.request({ type: "desktop_request", method: "dismiss_rejected" }).catch(() => undefined);
  };
  return (
    <section className="rejected" aria-label="A file that could not be opened" role="alert">
      <div className="rejected-header">
        <Icon name="warning" />
        <div className="rejected-title">
          <h2 title={rejected.path}>
            {fileName(rejected.path)} was not opened: {plural(errors, "fault")}
          </h2>
          <p>The flock that was open goes on. Mend the lines below, then try again.</p>
        </div>
        <Button look="outline" small icon="again" onClick={() => openFile(session, rejected.path)}>
          Try again
        </Button>
        <Button look="outline" small onClick={dismiss}>
          Dismiss
        </Button>
      </div>
      <ol className="faults">
        {rejected.faults.map((fault, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
          <li key={at} className="fault" data-testid="fault-row" data-severity={fault.severity}>
            <span className="fault-place mono">{place(fault)}</span>
            <span className="fault-severity">{fault.severity}</span>
            <span className="fault-words">
              {fault.message}
              {fault.hint === undefined ? null : <span className="fault-hint">{fault.hint}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
