import { useAtom, useAtomValue } from "jotai/react";
import { type ReactNode, useRef } from "react";
import { helloAtom, workflowIdsAtom } from "../state/atoms.js";
import { firstArtifactsAtom } from "../state/deck-atoms.js";
import { filterAtom, NO_FILTER, type StateFilter } from "../state/interface.js";
import { payloadTitle } from "../state/titles.js";
import { Icon } from "../ui/icon.js";
import { Menu, MenuHeading, MenuItem, MenuSeparator } from "../ui/menu.js";

const STATES: readonly (readonly [StateFilter, string])[] = [
  ["all", "All states"],
  ["live", "Live"],
  ["waiting", "Waiting"],
  ["done", "Done"],
  ["failed", "Failed"],
  ["retried", "Retried"],
  ["stopped", "Stopped"],
];

/** Leaves out tiles by text, state, agent or workflow. */
export function FilterField(): ReactNode {
  const [filter, setFilter] = useAtom(filterAtom);
  const agents = useAtomValue(helloAtom)?.agents ?? [];
  const workflows = useAtomValue(workflowIdsAtom);
  const first = useAtomValue(firstArtifactsAtom);
  const input = useRef<HTMLInputElement>(null);
  const parts = [
    filter.state === "all" ? "" : filter.state,
    filter.agent ?? "",
    filter.workflowId === null ? "" : "one workflow",
  ];
  const active = parts.filter(Boolean).join(", ");
  return (
    <search className="filter">
      <Icon name="search" />
      <input
        ref={input}
        id="deck-filter"
        className="filter-input"
        type="search"
        placeholder="Filter tiles"
        aria-label="Filter tiles by name, model or text"
        value={filter.text}
        onChange={(event) => setFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // First what is written here, then what was chosen beside it.
          setFilter(filter.text === "" ? NO_FILTER : { ...filter, text: "" });
          event.currentTarget.blur();
        }}
      />
      <Menu
        small
        chevron
        name="Filter by state, agent or workflow"
        aria-label={`Filter by state, agent or workflow${active === "" ? "" : `: ${active}`}`}
        label={active === "" ? "" : <span className="chip">{active}</span>}
        items={(close) => {
          const pick = (patch: Partial<typeof filter>) => () => {
            close();
            setFilter({ ...filter, ...patch });
          };
          return (
            <>
              {STATES.map(([state, words]) => (
                <MenuItem key={state} checked={filter.state === state} onSelect={pick({ state })}>
                  {words}
                </MenuItem>
              ))}
              <MenuSeparator />
              <MenuHeading>Agent</MenuHeading>
              <MenuItem checked={filter.agent === null} onSelect={pick({ agent: null })}>
                All agents
              </MenuItem>
              {agents.map(({ name }) => (
                <MenuItem key={name} checked={filter.agent === name} onSelect={pick({ agent: name })}>
                  {name}
                </MenuItem>
              ))}
              {workflows.length < 2 ? null : (
                <>
                  <MenuSeparator />
                  <MenuHeading>Workflow</MenuHeading>
                  <MenuItem checked={filter.workflowId === null} onSelect={pick({ workflowId: null })}>
                    All workflows
                  </MenuItem>
                  {workflows.map((id) => (
                    <MenuItem
                      key={id}
                      checked={filter.workflowId === id}
                      note={payloadTitle(first.get(id)?.payload)}
                      onSelect={pick({ workflowId: id })}
                    >
                      {first.get(id)?.type ?? "Workflow"}
                    </MenuItem>
                  ))}
                </>
              )}
            </>
          );
        }}
      />
    </search>
  );
}
