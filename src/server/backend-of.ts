import type { FlockHub } from "../runtime/service.js";
import type { LagSource, ServerBackend } from "./backend.js";

/** A flock under watch, as the server takes it. Agents that come later are served, too. */
export function backendOf(
  { hub, handleCommand, description }: Pick<FlockHub, "hub" | "handleCommand" | "description">,
  lag?: LagSource,
): ServerBackend {
  return {
    hub,
    handleCommand,
    lag,
    get runtimeMode() {
      return description().runtime_mode;
    },
    get agents() {
      return description().agents;
    },
  };
}
