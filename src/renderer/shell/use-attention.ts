import { useAtomValue } from "jotai/react";
import { useEffect, useRef } from "react";
import { useSession } from "../app-context.js";
import { desktopAtom, totalsAtom } from "../state/atoms.js";
import { attentionTitle, endedWords } from "../state/attention.js";
import { flockNameAtom } from "../state/interface.js";

const SETTLE_MS = 400;

/** Tells the title bar, and through the window the dock and the notifications, what needs the user. */
export function useAttention(): void {
  const session = useSession();
  const totals = useAtomValue(totalsAtom);
  const flock = useAtomValue(flockNameAtom);
  const isDesktop = useAtomValue(desktopAtom) !== null;
  const wasLive = useRef(false);
  const title = attentionTitle(totals, flock);
  const live = totals.live + totals.paused;
  const { failed } = totals;
  const words = endedWords(totals);

  useEffect(() => {
    document.title = title;
    if (!isDesktop) return;
    const timer = setTimeout(() => {
      const ended = wasLive.current && live === 0;
      wasLive.current = live > 0;
      const notify = ended ? { notify: { title: flock, body: words } } : {};
      session
        .request({ type: "desktop_request", method: "set_attention", live, failed, title, ...notify })
        .catch(() => undefined);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [title, isDesktop, live, failed, words, flock, session]);
}
