import type { FlockHub } from "../runtime/service.js";
import type { HistorySource, LagSource, ServerBackend } from "./backend.js";

/** A flock under watch, as the server takes it. Agents that come later are served, too. */
export function backendOf(
  {
    hub,
    handleCommand,
    description,
    history,
  }: Pick<FlockHub, "hub" | "handleCommand" | "description"> & { readonly history?: HistorySource | null },
  lag?: LagSource,
): ServerBackend {
  return {
    hub,
    handleCommand,
    lag,
    history: history ?? undefined,
    get runtimeMode() {
      return description().runtime_mode;
    },
    get agents() {
      return description().agents;
    },
  };
}
