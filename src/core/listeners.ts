import type { Agent } from "./agent.js";
import type { Batcher } from "./batcher.js";
import type { Gate } from "./gate.js";
import type { Judge } from "./judge.js";
import type { Subscription } from "./subscription.js";

/** One subscription of one agent, and what collects for it. */
export interface Listener {
  readonly agent: Agent;
  readonly subscription: Subscription;
  readonly judge: Judge;
  readonly gate: Gate;
  readonly batcher: Batcher | undefined;
}

const NONE: readonly Listener[] = [];

/** Subscriptions by the type they listen to, so that matching costs nothing for the others. */
export class Listeners {
  readonly #byType = new Map<string, readonly Listener[]>();

  add(listener: Listener): void {
    for (const type of listener.subscription.counts.keys()) {
      const list = [...this.of(type), listener];
      list.sort((a, b) => b.subscription.priority - a.subscription.priority);
      this.#byType.set(type, list);
    }
  }

  /** Higher priority first, then in the order of subscription. */
  of(type: string): readonly Listener[] {
    return this.#byType.get(type) ?? NONE;
  }
}
