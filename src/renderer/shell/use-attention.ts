import { useAtomValue } from "jotai/react";
import { useEffect, useRef } from "react";
import { useSession } from "../app-context.js";
import { cutOffAtom, desktopAtom, NO_TOTALS, totalsAtom } from "../state/atoms.js";
import { attentionTitle, type Ended, endedWords } from "../state/attention.js";
import { flockNameAtom } from "../state/interface.js";
import { showFavicon } from "./favicon.js";

const SETTLE_MS = 400;

/** Tells the title bar, and through the window the dock and the notifications, what needs the user. */
export function useAttention(): void {
  const session = useSession();
  const totals = useAtomValue(totalsAtom);
  const flock = useAtomValue(flockNameAtom);
  const isDesktop = useAtomValue(desktopAtom) !== null;
  const wasLive = useRef(false);
  const cutOff = useAtomValue(cutOffAtom);
  const title = attentionTitle(totals, flock, cutOff);
  const live = totals.live + totals.paused;
  const { done, failed, stopped } = totals;
  /** What had ended when nothing was live for the last time. */
  const before = useRef<Ended>(NO_TOTALS);

  useEffect(() => showFavicon(cutOff), [cutOff]);
  useEffect(() => {
    document.title = title;
    if (!isDesktop) return;
    const timer = setTimeout(() => {
      const ended = wasLive.current && live === 0;
      wasLive.current = live > 0;
      const now = { done, failed, stopped };
      const notify = ended ? { notify: { title: flock, body: endedWords(now, before.current) } } : {};
      if (live === 0) before.current = now;
      session
        .request({ type: "desktop_request", method: "set_attention", live, failed, title, ...notify })
        .catch(() => undefined);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [title, isDesktop, live, done, failed, stopped, flock, session]);
}
