/** Which tiles the deck shows, in which groups and in which order. Pure: everything it depends on is handed in. */
import type { Shape } from "../ui/state-icon.js";
import type { DeckFilter } from "./interface.js";
import type { Grouping, Layout } from "./preferences.js";
import type { Slot } from "./slots.js";

export interface TileGroup {
  readonly key: string;
  /** The workflow or agent that the group shows; empty for the only group of an ungrouped deck. */
  readonly name: string;
  readonly slots: readonly Slot[];
  /** Finished tiles that are folded away. */
  readonly folded: readonly Slot[];
}

export interface Arrangement {
  readonly groups: readonly TileGroup[];
  /** Tiles that the filter leaves out. */
  readonly filtered: number;
  /** Tiles that the user hid. */
  readonly hidden: number;
}

export interface ArrangeInput {
  readonly workflows: readonly { readonly id: string; readonly slots: readonly Slot[] }[];
  readonly layout: Layout;
  readonly filter: DeckFilter;
  readonly grouping: Grouping;
  readonly foldFinished: boolean;
  readonly shapeOf: (slot: Slot) => Shape;
  /** Whether a tile holds the text that the filter looks for; the text is lower case. */
  readonly holds: (slot: Slot, text: string) => boolean;
}

/** What has ended and needs nobody. */
const FOLDED: ReadonlySet<Shape> = new Set<Shape>(["done", "retried"]);

function matches(input: ArrangeInput, slot: Slot): boolean {
  const { filter } = input;
  if (filter.workflowId !== null && slot.workflowId !== filter.workflowId) return false;
  if (filter.agent !== null && slot.agent !== filter.agent) return false;
  if (filter.state !== "all") {
    const shape = input.shapeOf(slot);
    if ((shape === "paused" ? "live" : shape) !== filter.state) return false;
  }
  const text = filter.text.trim().toLowerCase();
  return text === "" || input.holds(slot, text);
}

/** Pinned tiles first, then those the user moved, then all others where they arrived. */
export function orderSlots(slots: readonly Slot[], layout: Layout): readonly Slot[] {
  if (layout.order.length === 0 && layout.pinned.length === 0) return slots;
  const pinned = new Set(layout.pinned);
  const moved = new Map(layout.order.map((key, at) => [key, at]));
  const rank = (slot: Slot, at: number) =>
    (pinned.has(slot.key) ? 0 : 1_000_000) + (moved.get(slot.key) ?? layout.order.length + at);
  return slots
    .map((slot, at) => ({ slot, rank: rank(slot, at) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ slot }) => slot);
}

export function arrange(input: ArrangeInput): Arrangement {
  const { workflows, layout, grouping, foldFinished } = input;
  const hiddenKeys = new Set(layout.hidden);
  const byGroup = new Map<string, { name: string; slots: Slot[]; folded: Slot[] }>();
  let filtered = 0;
  let hidden = 0;
  for (const workflow of workflows) {
    for (const slot of workflow.slots) {
      if (hiddenKeys.has(slot.key)) {
        hidden += 1;
        continue;
      }
      if (!matches(input, slot)) {
        filtered += 1;
        continue;
      }
      const name = grouping === "workflow" ? workflow.id : grouping === "agent" ? slot.agent : "";
      const group = byGroup.get(name) ?? { name, slots: [], folded: [] };
      byGroup.set(name, group);
      const fold = foldFinished && FOLDED.has(input.shapeOf(slot)) && !layout.pinned.includes(slot.key);
      (fold ? group.folded : group.slots).push(slot);
    }
  }
  const groups = [...byGroup.values()].map(({ name, slots, folded }) => ({
    key: name,
    name,
    slots: orderSlots(slots, layout),
    folded,
  }));
  return { groups, filtered, hidden };
}

export type Side = "before" | "after";

/** `keys` with `key` moved to stand beside `target`. */
export function moveKey(keys: readonly string[], key: string, target: string, side: Side): readonly string[] {
  const rest = keys.filter((other) => other !== key);
  const found = rest.indexOf(target);
  if (found === -1) return keys;
  const at = side === "before" ? found : found + 1;
  return [...rest.slice(0, at), key, ...rest.slice(at)];
}
