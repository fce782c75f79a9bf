import type { createStore } from "jotai/vanilla";
import type { ViewState } from "../../protocol/view-state.js";
import { comparedAtom, filterAtom, fullScreenAtom, openArtifactAtom } from "./interface.js";

/** What is picked, open or filtered for is let go of once it is no longer held: nobody could find it, or take it back. */
export function forgetGone({ get, set }: ReturnType<typeof createStore>, view: ViewState): void {
  const compared = get(comparedAtom);
  if (compared.some((id) => !view.streams.has(id))) {
    set(
      comparedAtom,
      compared.filter((id) => view.streams.has(id)),
    );
  }
  const fullScreen = get(fullScreenAtom);
  if (fullScreen !== null && !view.streams.has(fullScreen)) set(fullScreenAtom, null);
  const artifact = get(openArtifactAtom);
  if (artifact !== null && !view.artifacts.has(artifact)) set(openArtifactAtom, null);
  const filter = get(filterAtom);
  const agent = filter.agent !== null && isAgent(view, filter.agent) ? filter.agent : null;
  const workflowId = filter.workflowId !== null && view.workflows.has(filter.workflowId) ? filter.workflowId : null;
  if (agent !== filter.agent || workflowId !== filter.workflowId) set(filterAtom, { ...filter, agent, workflowId });
}

function isAgent(view: ViewState, name: string): boolean {
  if (view.hello?.agents.some((agent) => agent.name === name) === true) return true;
  return [...view.streams.values()].some(({ started }) => started.agent_name === name);
}
