/** What needs the user, in the words of a title bar. */
import { plural } from "../ui/format.js";
import type { Totals } from "./atoms.js";

export function attentionTitle(totals: Totals, flock: string): string {
  const parts: string[] = [];
  if (totals.failed > 0) parts.push(`✕ ${totals.failed} failed`);
  if (totals.paused > 0) parts.push(`⏸ ${totals.paused} waiting for a provider`);
  if (totals.stalled > 0) parts.push(`! ${totals.stalled} stalled`);
  if (totals.live > 0) parts.push(`◐ ${totals.live} live`);
  if (parts.length === 0 && totals.done > 0) parts.push(`✓ ${totals.done} done`);
  return parts.length === 0 ? `${flock} · Flockdeck` : `${parts.join(", ")} · ${flock}`;
}

/** The body of the notification when everything that ran has ended. */
export function endedWords(totals: Totals): string {
  const parts = [plural(totals.done, "stream is done", "streams are done")];
  if (totals.failed > 0) parts.push(`${totals.failed} failed`);
  if (totals.stopped > 0) parts.push(`${totals.stopped} stopped`);
  return `${parts.join(", ")}.`;
}
