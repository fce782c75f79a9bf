/** What is open on the screen now; forgotten when the page closes. */
import { atom } from "jotai/vanilla";
import { helloAtom } from "./atoms.js";
import { EMPTY_LAYOUT, type Layout, layoutOf, layoutsAtom } from "./preferences.js";

export const VIEWS = ["deck", "graph", "timeline", "board"] as const;
export type ViewName = (typeof VIEWS)[number];
export const viewAtom = atom<ViewName>("deck");

export type DialogName = "publish" | "settings" | "remote" | "history" | "palette" | "shortcuts" | "compare";
export const dialogAtom = atom<DialogName | null>(null);

/** The artifact whose payload is shown. */
export const openArtifactAtom = atom<string | null>(null);
/** The stream that fills the window. */
export const fullScreenAtom = atom<string | null>(null);
/** Two to four streams to be shown side by side. */
export const comparedAtom = atom<readonly string[]>([]);
export const MOST_COMPARED = 4;

export type StateFilter = "all" | "live" | "done" | "failed" | "retried" | "stopped" | "waiting";
export interface DeckFilter {
  readonly text: string;
  readonly state: StateFilter;
  readonly workflowId: string | null;
  readonly agent: string | null;
}
export const NO_FILTER: DeckFilter = { text: "", state: "all", workflowId: null, agent: null };
export const filterAtom = atom<DeckFilter>(NO_FILTER);

export interface Publishable {
  readonly type: string;
  readonly payload: unknown;
  readonly tags?: readonly string[];
}

export interface Draft {
  readonly type: string;
  readonly payload: unknown;
  /** What is written where the payload is edited as JSON; it need not be JSON yet. */
  readonly json?: string;
}
/** What the publish form holds while it is closed, or what "run again" fills into it; null for the sample. */
export const draftAtom = atom<Draft | null>(null);

/** What is left to publish into a workflow of which the first artifacts are in, and the next was refused. */
export interface Unfinished {
  readonly workflowId: string;
  /** The server process that knows the workflow. */
  readonly epoch: string;
  /** All that was to be published, of which so many are known to be in. */
  readonly artifacts: readonly Publishable[];
  readonly done: number;
}
const unfinished = atom<Unfinished | null>(null);
/** Null once another server process runs, to which its workflow means nothing. */
export const unfinishedAtom = atom(
  (get) => {
    const left = get(unfinished);
    return left?.epoch === get(helloAtom)?.epoch ? left : null;
  },
  (_get, set, left: Unfinished | null) => set(unfinished, left),
);

/** A short word to the user about something that was just done or could not be done. */
export const noticeAtom = atom<{ readonly text: string; readonly failed: boolean } | null>(null);

export const flockNameAtom = atom((get) => get(helloAtom)?.flock?.name ?? "Flockdeck");

export const layoutAtom = atom(
  (get) => layoutOf(get(layoutsAtom), get(flockNameAtom)),
  (get, set, change: (layout: Layout) => Layout) => {
    const flock = get(flockNameAtom);
    const layouts = get(layoutsAtom);
    set(layoutsAtom, { ...layouts, [flock]: change(layouts[flock] ?? EMPTY_LAYOUT) });
  },
);
