import { useAtom, useAtomValue } from "jotai/react";
import { type ReactNode, useEffect } from "react";
import { createPortal } from "react-dom";
import { announcementAtom } from "../state/atoms.js";
import { noticeAtom } from "../state/interface.js";
import { IconButton } from "../ui/button.js";
import { Icon } from "../ui/icon.js";
import { useTopLayer } from "../ui/use-modal.js";

const SHOWN_MS = 4_000;

/** A word about what was just done, over an open dialog too; faults stay until they are dismissed. */
export function Notice(): ReactNode {
  const [notice, setNotice] = useAtom(noticeAtom);
  const host = useTopLayer();
  useEffect(() => {
    if (notice === null || notice.failed) return;
    const timer = setTimeout(() => setNotice(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, setNotice]);
  return createPortal(
    <div className="toast-place" role={notice?.failed === true ? "alert" : "status"}>
      {notice === null ? null : (
        <div className="toast" data-failed={notice.failed}>
          <Icon name={notice.failed ? "warning" : "check"} />
          <span>{notice.text}</span>
          <IconButton small icon="close" label="Dismiss" onClick={() => setNotice(null)} />
        </div>
      )}
    </div>,
    host,
  );
}

/** What a screen reader is told when streams and workflows end. */
export function Announcements(): ReactNode {
  return createPortal(
    <div className="visually-hidden" aria-live="polite" data-testid="announcements">
      {useAtomValue(announcementAtom)}
    </div>,
    useTopLayer(),
  );
}
