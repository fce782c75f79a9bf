import { useAtom, useAtomValue } from "jotai/react";
import { type ReactNode, useEffect } from "react";
import { announcementAtom } from "../state/atoms.js";
import { noticeAtom } from "../state/interface.js";
import { IconButton } from "../ui/button.js";
import { Icon } from "../ui/icon.js";

const SHOWN_MS = 4_000;

/** A word about what was just done; faults stay until they are dismissed. */
export function Notice(): ReactNode {
  const [notice, setNotice] = useAtom(noticeAtom);
  useEffect(() => {
    if (notice === null || notice.failed) return;
    const timer = setTimeout(() => setNotice(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, setNotice]);
  return (
    <div className="toast-place" role={notice?.failed === true ? "alert" : "status"}>
      {notice === null ? null : (
        <div className="toast" data-failed={notice.failed}>
          <Icon name={notice.failed ? "warning" : "check"} />
          <span>{notice.text}</span>
          <IconButton small icon="close" label="Dismiss" onClick={() => setNotice(null)} />
        </div>
      )}
    </div>
  );
}

/** What a screen reader is told when streams and workflows end. */
export function Announcements(): ReactNode {
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announcements">
      {useAtomValue(announcementAtom)}
    </div>
  );
}
