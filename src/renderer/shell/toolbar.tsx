import { useAtom, useAtomValue, useSetAtom } from "jotai/react";
import type { ReactNode } from "react";
import { useSession } from "../app-context.js";
import { artifactsAtom, totalsAtom } from "../state/atoms.js";
import { comparedAtom, dialogAtom, layoutAtom, VIEWS, type ViewName, viewAtom } from "../state/interface.js";
import {
  DENSITIES,
  type Density,
  densityAtom,
  EMPTY_LAYOUT,
  foldFinishedAtom,
  groupingAtom,
} from "../state/preferences.js";
import { Button, IconButton } from "../ui/button.js";
import { count } from "../ui/format.js";
import { Menu, MenuHeading, MenuItem, MenuSeparator } from "../ui/menu.js";
import { FilterField } from "./filter-field.js";

const VIEW_WORDS: Record<ViewName, string> = { deck: "Deck", graph: "Graph", timeline: "Timeline", board: "Board" };

export const DENSITY_WORDS: Record<Density, string> = {
  reading: "Reading",
  comfortable: "Comfortable",
  compact: "Compact",
  wall: "Wall",
};

export function Toolbar(): ReactNode {
  const [view, setView] = useAtom(viewAtom);
  const artifacts = useAtomValue(artifactsAtom).length;
  return (
    <div className="toolbar">
      <nav className="views" aria-label="Views">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            className="view-tab"
            data-testid={`view-${name}`}
            aria-current={view === name ? "page" : undefined}
            onClick={() => setView(name)}
          >
            {VIEW_WORDS[name]}
            {name === "board" && artifacts > 0 ? <span className="view-count"> {count(artifacts)}</span> : null}
          </button>
        ))}
      </nav>
      <span className="spacer" />
      <CompareButton />
      {view === "deck" ? <DeckTools /> : null}
    </div>
  );
}

function CompareButton(): ReactNode {
  const [compared, setCompared] = useAtom(comparedAtom);
  const setDialog = useSetAtom(dialogAtom);
  if (compared.length === 0) return null;
  return (
    <span className="compare-tray">
      <Button small look="outline" icon="compare" disabled={compared.length < 2} onClick={() => setDialog("compare")}>
        {compared.length < 2 ? "Pick another to compare" : `Compare ${compared.length}`}
      </Button>
      <IconButton small icon="close" label="Compare none" onClick={() => setCompared([])} />
    </span>
  );
}

function DeckTools(): ReactNode {
  return (
    <>
      <ArrangeMenu />
      <FilterField />
      <DensityControl />
    </>
  );
}

const GROUPINGS = [
  ["workflow", "By workflow"],
  ["agent", "By agent"],
  ["none", "Not at all"],
] as const;

function ArrangeMenu(): ReactNode {
  const session = useSession();
  const [grouping, setGrouping] = useAtom(groupingAtom);
  const [fold, setFold] = useAtom(foldFinishedAtom);
  const setLayout = useSetAtom(layoutAtom);
  const totals = useAtomValue(totalsAtom);
  const finished = totals.done + totals.failed + totals.stopped;
  return (
    <Menu
      small
      chevron
      name="Arrange tiles"
      label="Arrange"
      items={(close) => {
        const item = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <>
            <MenuHeading>Group</MenuHeading>
            {GROUPINGS.map(([name, words]) => (
              <MenuItem key={name} checked={grouping === name} onSelect={item(() => setGrouping(name))}>
                {words}
              </MenuItem>
            ))}
            <MenuSeparator />
            <MenuItem checked={fold} onSelect={item(() => setFold(!fold))}>
              Fold finished tiles away
            </MenuItem>
            <MenuItem icon="close" disabled={finished === 0} onSelect={item(() => session.clearFinished())}>
              Clear finished tiles
            </MenuItem>
            <MenuItem icon="grid" onSelect={item(() => setLayout(() => EMPTY_LAYOUT))}>
              Forget my arrangement
            </MenuItem>
          </>
        );
      }}
    />
  );
}

const CELLS: Record<Density, number> = { reading: 2, comfortable: 3, compact: 4, wall: 5 };

function DensityControl(): ReactNode {
  const [density, setDensity] = useAtom(densityAtom);
  return (
    <fieldset className="density">
      <legend className="visually-hidden">Density</legend>
      {DENSITIES.map((name) => (
        <button
          key={name}
          type="button"
          className="density-step"
          aria-pressed={density === name}
          aria-label={`${DENSITY_WORDS[name]} density`}
          title={`${DENSITY_WORDS[name]} density (Ctrl and the wheel)`}
          onClick={() => setDensity(name)}
        >
          <DensityIcon cells={CELLS[name]} />
        </button>
      ))}
    </fieldset>
  );
}

function DensityIcon({ cells }: { cells: number }): ReactNode {
  const step = 12 / cells;
  const size = step - 1;
  const path = Array.from({ length: cells * cells }, (_, at) => {
    const x = 2.5 + (at % cells) * step;
    const y = 2.5 + Math.floor(at / cells) * step;
    return `M${x.toFixed(2)} ${y.toFixed(2)}h${size.toFixed(2)}v${size.toFixed(2)}h-${size.toFixed(2)}z`;
  }).join("");
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}
