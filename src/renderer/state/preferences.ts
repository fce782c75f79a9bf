/** What the reader chose and what is remembered between visits, in the browser's own storage. */
import { atomWithStorage, createJSONStorage } from "jotai/vanilla/utils";

export type Theme = "system" | "light" | "dark";
export type Contrast = "system" | "more" | "normal";
export const DENSITIES = ["reading", "comfortable", "compact", "wall"] as const;
export type Density = (typeof DENSITIES)[number];
export type Grouping = "workflow" | "agent" | "none";

function stored<T>(key: string, initial: T) {
  // Private windows may refuse storage; then choices last as long as the page.
  const storage = createJSONStorage<T>(() => {
    try {
      return window.localStorage;
    } catch {
      return memoryStorage;
    }
  });
  return atomWithStorage<T>(`flockdeck.${key}`, initial, storage, { getOnInit: true });
}

const memory = new Map<string, string>();
const memoryStorage = {
  getItem: (key: string) => memory.get(key) ?? null,
  setItem: (key: string, value: string) => {
    memory.set(key, value);
  },
  removeItem: (key: string) => {
    memory.delete(key);
  },
};

export const themeAtom = stored<Theme>("theme", "system");
export const contrastAtom = stored<Contrast>("contrast", "system");
export const densityAtom = stored<Density>("density", "reading");
export const groupingAtom = stored<Grouping>("grouping", "workflow");
export const foldFinishedAtom = stored<boolean>("fold-finished", false);
/** Shortcuts of one letter can be in the way of speech input (WCAG 2.1.4). */
export const letterShortcutsAtom = stored<boolean>("letter-shortcuts", true);

/** Places of tiles by slot key (`editor#0`), per flock. */
export interface Layout {
  /** Slot keys that the user moved, in their order; all others follow in the order of arrival. */
  readonly order: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Columns and rows that a tile spans; absent means 1 × 1. */
  readonly spans: Readonly<Record<string, { readonly columns: number; readonly rows: number }>>;
}
export const EMPTY_LAYOUT: Layout = { order: [], pinned: [], hidden: [], spans: {} };

export const layoutsAtom = stored<Readonly<Record<string, Layout>>>("layouts", {});

/** The layout of one flock, by its name. */
export function layoutOf(layouts: Readonly<Record<string, Layout>>, flock: string): Layout {
  return layouts[flock] ?? EMPTY_LAYOUT;
}
