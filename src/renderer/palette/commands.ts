/** Everything that can be done, by name: what the palette offers beside tiles and artifacts. */
import { openFile, reloadFile } from "../shell/flock-menu.js";
import { DENSITY_WORDS } from "../shell/toolbar.js";
import { stopAll } from "../state/actions.js";
import { desktopAtom, mayControlAtom } from "../state/atoms.js";
import { comparedAtom, dialogAtom, filterAtom, layoutAtom, NO_FILTER, VIEWS, viewAtom } from "../state/interface.js";
import {
  contrastAtom,
  DENSITIES,
  densityAtom,
  EMPTY_LAYOUT,
  foldFinishedAtom,
  groupingAtom,
  themeAtom,
} from "../state/preferences.js";
import type { Session } from "../state/session.js";
import type { IconName } from "../ui/icon.js";

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly run: () => void;
}

const THEMES = [
  ["system", "Theme as the system"],
  ["light", "Light theme"],
  ["dark", "Dark theme"],
] as const;

export function commandsFor(session: Session): readonly Command[] {
  const { store } = session;
  const desktop = store.get(desktopAtom);
  const commands: Command[] = [];
  const add = (group: string, name: string, icon: IconName, run: () => void, keys?: string) =>
    commands.push({ id: `${group}/${name}`, group, name, icon, run, ...(keys === undefined ? {} : { keys }) });

  if (store.get(mayControlAtom)) {
    add("Run", "Publish", "publish", () => store.set(dialogAtom, "publish"), "p");
    add("Run", "Stop every workflow", "stop", () => void stopAll(session));
  }
  VIEWS.forEach((view, at) => {
    add("View", `Show the ${view}`, "eye", () => store.set(viewAtom, view), String(at + 1));
  });
  for (const density of DENSITIES) {
    add("View", `${DENSITY_WORDS[density]} density`, "grid", () => store.set(densityAtom, density));
  }
  add("View", "Group by workflow", "grid", () => store.set(groupingAtom, "workflow"));
  add("View", "Group by agent", "grid", () => store.set(groupingAtom, "agent"));
  add("View", "Do not group", "grid", () => store.set(groupingAtom, "none"));
  add("View", "Fold finished tiles away or show them", "hide", () =>
    store.set(foldFinishedAtom, !store.get(foldFinishedAtom)),
  );
  add("View", "Show only what failed", "warning", () => store.set(filterAtom, { ...NO_FILTER, state: "failed" }));
  add("View", "Show only what is live", "eye", () => store.set(filterAtom, { ...NO_FILTER, state: "live" }));
  add("View", "Show every tile", "eye", () => {
    store.set(filterAtom, NO_FILTER);
    store.set(layoutAtom, (layout) => ({ ...layout, hidden: [] }));
  });
  add("View", "Clear finished tiles", "close", () => session.clearFinished());
  add("View", "Forget my arrangement", "grid", () => store.set(layoutAtom, () => EMPTY_LAYOUT));
  if (store.get(comparedAtom).length >= 2) {
    add("View", "Compare the picked streams", "compare", () => store.set(dialogAtom, "compare"));
  }
  for (const [theme, name] of THEMES) add("Look", name, "settings", () => store.set(themeAtom, theme));
  add("Look", "High contrast", "settings", () => store.set(contrastAtom, "more"));
  add("Look", "Contrast as the system", "settings", () => store.set(contrastAtom, "system"));
  if (desktop !== null) {
    add("File", "Open a flock file", "folder", () => openFile(session), "Ctrl O");
    add("File", "Read this file again", "again", () => reloadFile(session));
    for (const { name, path } of desktop.examples)
      add("File", `Open the example ${name}`, "file", () => openFile(session, path));
    for (const path of desktop.recent) add("File", `Open ${path}`, "file", () => openFile(session, path));
    add("File", "Earlier sessions", "history", () => store.set(dialogAtom, "history"));
    add("App", "Remote viewers and links", "remote", () => store.set(dialogAtom, "remote"));
  }
  add("App", "Settings", "settings", () => store.set(dialogAtom, "settings"));
  add("App", "Shortcuts", "info", () => store.set(dialogAtom, "shortcuts"), "?");
  return commands;
}
