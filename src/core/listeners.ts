import type { Agent } from "./agent.js";
import { type Gate, type MatchJudge, PoolGate, SingleGate } from "./gate.js";
import type { Subscription } from "./subscription.js";

/** One subscription of one agent with its gate. */
export interface Listener {
  readonly agent: Agent;
  readonly subscription: Subscription;
  readonly gate: Gate;
}

/** Subscriptions by the type they listen to, so that matching costs nothing for the others. */
export class Listeners {
  readonly #byType = new Map<string, readonly Listener[]>();

  add(listener: Listener): void {
    for (const type of listener.subscription.counts.keys()) {
      const list = [...(this.#byType.get(type) ?? []), listener];
      list.sort((a, b) => b.subscription.priority - a.subscription.priority);
      this.#byType.set(type, list);
    }
  }

  /** Higher priority first, then in the order of subscription. */
  of(type: string): readonly Listener[] {
    return this.#byType.get(type) ?? [];
  }
}

export function makeGate(subscription: Subscription, judge: MatchJudge): Gate {
  const [only] = subscription.counts.values();
  return subscription.counts.size === 1 && only === 1 ? new SingleGate(judge) : new PoolGate(subscription, judge);
}
