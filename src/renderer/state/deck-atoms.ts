import { atom } from "jotai/vanilla";
import type { Shape } from "../ui/state-icon.js";
import { arrange, moveKey, type Side } from "./arrange.js";
import { artifactsAtom, nowAtom, runAtom, slotsAtom, streamAtom, workflowIdsAtom } from "./atoms.js";
import { shapeAmongAttempts } from "./attempts.js";
import { filterAtom, layoutAtom } from "./interface.js";
import { foldFinishedAtom, groupingAtom } from "./preferences.js";
import type { Slot } from "./slots.js";

/** From so many letters on, a filter also looks into the text. */
const FULL_TEXT_FROM = 3;

/** Whether the filter looks into the text of the streams. */
export const readsTextAtom = atom((get) => get(filterAtom).text.trim().length >= FULL_TEXT_FROM);

export const arrangementAtom = atom((get) => {
  const filter = get(filterAtom);
  const fullText = get(readsTextAtom);
  // The text changes many times a second; once a second is enough for a filter that reads it.
  if (fullText) get(nowAtom);
  const attempts = {
    runs: { get: (id: string) => get(runAtom(id)) },
    streams: { get: (id: string) => get(streamAtom(id)) },
  };
  const shapeOf = (slot: Slot): Shape => {
    if (slot.streamId === null) return "waiting";
    const stream = get(streamAtom(slot.streamId));
    return stream === undefined ? "waiting" : shapeAmongAttempts(attempts, stream);
  };
  const holds = (slot: Slot, text: string): boolean => {
    const stream = slot.streamId === null ? undefined : get(streamAtom(slot.streamId));
    const names = `${slot.agent} ${stream?.started.model ?? ""} ${stream?.started.artifact_type ?? ""}`.toLowerCase();
    return names.includes(text) || (fullText && stream?.text.slice().toLowerCase().includes(text) === true);
  };
  return arrange({
    workflows: get(workflowIdsAtom).map((id) => ({ id, slots: get(slotsAtom(id)) })),
    layout: get(layoutAtom),
    filter,
    grouping: get(groupingAtom),
    foldFinished: get(foldFinishedAtom),
    shapeOf,
    holds,
  });
});

/** Moves a tile beside another. Those that are not shown now, by filter, fold or hiding, keep their order among the rest. */
export const moveTileAtom = atom(null, (get, set, key: string, target: string, side: Side) => {
  const arrived = get(workflowIdsAtom).flatMap((id) => get(slotsAtom(id)).map((slot) => slot.key));
  set(layoutAtom, (layout) => {
    const keys = [...new Set([...layout.order, ...arrived])];
    return { ...layout, order: moveKey(keys, key, target, side) };
  });
});

/** What set each workflow off: its first artifact. */
export const firstArtifactsAtom = atom((get) => {
  const first = new Map<string, { readonly type: string; readonly payload: unknown; readonly id: string }>();
  for (const { artifact } of get(artifactsAtom)) {
    if (!first.has(artifact.correlation_id)) first.set(artifact.correlation_id, artifact);
  }
  return first;
});
