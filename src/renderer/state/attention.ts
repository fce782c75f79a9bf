/** What needs the user, in the words of a title bar. */
import { plural } from "../ui/format.js";
import type { Totals } from "./atoms.js";

/** Cut off, what was counted last is no longer true. */
export function attentionTitle(totals: Totals, flock: string, cutOff: boolean): string {
  if (cutOff) return `⏸ Offline · ${flock}`;
  const parts: string[] = [];
  if (totals.failed > 0) parts.push(`✕ ${totals.failed} failed`);
  if (totals.paused > 0) parts.push(`⏸ ${totals.paused} waiting for a provider`);
  if (totals.stalled > 0) parts.push(`! ${totals.stalled} stalled`);
  const writing = totals.live - totals.stalled;
  if (writing > 0) parts.push(`◐ ${writing} live`);
  if (totals.waiting > 0) parts.push(`◌ ${totals.waiting} waiting`);
  if (parts.length === 0 && totals.done > 0) parts.push(`✓ ${totals.done} done`);
  return parts.length === 0 ? `${flock} · Flockdeck` : `${parts.join(", ")} · ${flock}`;
}

export type Ended = Pick<Totals, "done" | "failed" | "stopped">;

/** The body of the notification when everything that ran has ended: what ended since there was `before`. */
export function endedWords(now: Ended, before: Ended): string {
  // Where finished tiles were cleared meanwhile, there is less than before.
  const since = (key: keyof Ended) => (now[key] < before[key] ? now[key] : now[key] - before[key]);
  const parts = [plural(since("done"), "stream is done", "streams are done")];
  if (since("failed") > 0) parts.push(`${since("failed")} failed`);
  if (since("stopped") > 0) parts.push(`${since("stopped")} stopped`);
  return `${parts.join(", ")}.`;
}
