/**
 * What the components read: one atom per thing that changes by itself. The session alone writes them, once a frame.
 * Nothing here or below `state/` imports React.
 */
import { atom } from "jotai/vanilla";
import { atomFamily } from "jotai-family";
import type { DesktopState } from "../../protocol/desktop.js";
import type { Hello } from "../../protocol/messages.js";
import type { ArtifactView, RunView, StreamView, WorkflowView } from "../../protocol/view-state.js";
import type { ConnectionStatus } from "../connection/connection.js";
import type { Slot } from "./slots.js";

const statusAtom = atom<ConnectionStatus>({ kind: "connecting" });
/** Whether what is shown is only the last that was known: from the loss of the connection until all is caught up. */
export const cutOffAtom = atom(false);
export const connectionAtom = atom(
  (get) => get(statusAtom),
  (_get, set, status: ConnectionStatus) => {
    set(statusAtom, status);
    if (status.kind === "live") set(cutOffAtom, false);
    else if (status.kind === "offline" || status.kind === "refused") set(cutOffAtom, true);
  },
);
export const helloAtom = atom<Hello | null>(null);
export const syncedAtom = atom(false);
export const desktopAtom = atom<DesktopState | null>(null);

/** Whether this viewer may publish and stop. */
export const mayControlAtom = atom((get) => get(helloAtom)?.role === "control");

export const workflowIdsAtom = atom<readonly string[]>([]);
export const workflowAtom = atomFamily((_id: string) => atom<WorkflowView | undefined>(undefined));
/** The tiles of a workflow, in the order in which they took their places. */
export const slotsAtom = atomFamily((_workflowId: string) => atom<readonly Slot[]>([]));

/** Everything about a stream but its text: set when it starts, waits, loses text or ends. */
export const streamAtom = atomFamily((_id: string) => atom<StreamView | undefined>(undefined));
/** Grows each time the text that a tile shows has changed. */
export const streamRevisionAtom = atomFamily((_id: string) => atom(0));
/** Tokens a second, one figure a second, oldest first; the last is the present. */
export const streamRatesAtom = atomFamily((_id: string) => atom<readonly number[]>(NO_RATES));
export const NO_RATES: readonly number[] = [];

export const runAtom = atomFamily((_id: string) => atom<RunView | undefined>(undefined));
export const runIdsAtom = atom<readonly string[]>([]);
export const artifactsAtom = atom<readonly ArtifactView[]>([]);

/** Milliseconds since 1970 by the server's clock, moved once a second while something is live. */
export const nowAtom = atom(Date.now());

export interface Totals {
  readonly live: number;
  readonly paused: number;
  /** Live, but without new text for a while. */
  readonly stalled: number;
  readonly waiting: number;
  readonly done: number;
  readonly stopped: number;
  readonly failed: number;
  /** Attempts that failed and were tried again. */
  readonly retried: number;
  readonly tokensPerSecond: number;
}
export const NO_TOTALS: Totals = {
  live: 0,
  paused: 0,
  stalled: 0,
  waiting: 0,
  done: 0,
  stopped: 0,
  failed: 0,
  retried: 0,
  tokensPerSecond: 0,
};
export const totalsAtom = atom<Totals>(NO_TOTALS);

/** What a screen reader is told: summaries of what ended, never the text as it streams. */
export const announcementAtom = atom("");
