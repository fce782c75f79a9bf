/** What the first view does not need: loaded when it is asked for, or ahead of that where the network may go away. */
import { type ComponentType, lazy } from "react";

const loads: (() => Promise<unknown>)[] = [() => import("./publish/generated-form.js")];

function part<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  loads.push(load);
  return lazy(async () => ({ default: (await load())[name] }));
}

export const GraphView = part(() => import("./graph/graph-view.js"), "GraphView");
export const TimelineView = part(() => import("./timeline/timeline-view.js"), "TimelineView");
export const BoardView = part(() => import("./board/board-view.js"), "BoardView");
export const PublishSheet = part(() => import("./publish/publish-sheet.js"), "PublishSheet");
export const SettingsDialog = part(() => import("./settings/settings-dialog.js"), "SettingsDialog");
export const RemoteDialog = part(() => import("./remote/remote-dialog.js"), "RemoteDialog");
export const HistoryDialog = part(() => import("./history/history-dialog.js"), "HistoryDialog");
export const ReplayBar = part(() => import("./history/replay-bar.js"), "ReplayBar");
export const Palette = part(() => import("./palette/palette.js"), "Palette");
export const ShortcutsDialog = part(() => import("./palette/shortcuts-dialog.js"), "ShortcutsDialog");
export const CompareDialog = part(() => import("./compare/compare-dialog.js"), "CompareDialog");

/** Loads every part, one after another. What cannot be loaded now is asked for again when it is wanted. */
export async function loadParts(): Promise<void> {
  for (const load of loads) await load().catch(() => undefined);
}
