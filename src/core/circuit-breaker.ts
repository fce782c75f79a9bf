import { checkCount } from "./checks.js";
import type { FlockComponent } from "./component.js";
import { FlockError } from "./errors.js";
import type { WorkflowInfo } from "./workflow.js";

/** Stops loops: refuses an agent more than `maxActivations` runs in one workflow, and says so once. */
export function circuitBreaker(maxActivations = 1_000): FlockComponent {
  checkCount("circuitBreaker", maxActivations);
  const counts = new WeakMap<WorkflowInfo, Map<string, number>>();
  return {
    name: "circuit-breaker",
    priority: -50,
    beforeAgentSchedule(_context, agent, _artifacts, workflow) {
      const byAgent = counts.get(workflow) ?? new Map<string, number>();
      counts.set(workflow, byAgent);
      const activations = (byAgent.get(agent.name) ?? 0) + 1;
      byAgent.set(agent.name, activations);
      if (activations <= maxActivations) return undefined;
      if (activations > maxActivations + 1) return null;
      return new FlockError(
        "circuit_open",
        `${agent.name} was activated ${maxActivations} times in one workflow and is not activated there again`,
      );
    },
  };
}
