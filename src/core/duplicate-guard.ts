import type { FlockComponent } from "./component.js";
import { RecentIds } from "./recent-ids.js";

const REMEMBERED = 20_000;

/**
 * Keeps an agent from being set off twice by exactly the same artifacts, say by two subscriptions that both match. An
 * artifact alone and the same one with others are two matches: each subscription may have its own.
 */
export function duplicateGuard(): FlockComponent {
  const seen = new RecentIds(REMEMBERED);
  return {
    name: "duplicate-guard",
    priority: -100,
    beforeAgentSchedule(_context, agent, artifacts) {
      if (artifacts.length === 0) return undefined;
      const key = JSON.stringify([agent.name, ...artifacts.map((artifact) => artifact.id).sort()]);
      if (seen.has(key)) return null;
      seen.add(key);
      return undefined;
    },
  };
}
