import type { Agent } from "./agent.js";
import type { Artifact } from "./artifact.js";
import { FlockError } from "./errors.js";
import { toFlockError } from "./fault.js";
import { synchronous } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import type { Match, Subscription } from "./subscription.js";

/** Asks the functions of a subscription. One that throws counts as no; each is told once, as `predicate_error`. */
export class Judge {
  readonly #kernel: Kernel;
  readonly #agent: Agent;
  readonly #subscription: Subscription;
  readonly #told = new Set<unknown>();

  constructor(kernel: Kernel, agent: Agent, subscription: Subscription) {
    this.#kernel = kernel;
    this.#agent = agent;
    this.#subscription = subscription;
  }

  accepts(artifact: Artifact): boolean {
    return this.#subscription
      .predicates(artifact.type)
      .every((predicate) => Boolean(this.#ask(predicate, () => predicate(artifact), artifact)));
  }

  acceptsMatch(match: Match): boolean {
    const { whereAll } = this.#subscription;
    const [first] = [...match.values()].flat();
    return !whereAll || !first || Boolean(this.#ask(whereAll, () => whereAll(match), first));
  }

  /** The join key; undefined if there is none. */
  keyOf(artifact: Artifact): unknown {
    const by = this.#subscription.join?.by;
    return by && this.#ask(by, () => by(artifact), artifact);
  }

  #ask<T>(question: unknown, ask: () => T, artifact: Artifact): T | undefined {
    try {
      return synchronous(ask());
    } catch (thrown) {
      if (this.#told.has(question)) return undefined;
      this.#told.add(question);
      const { message } = toFlockError(thrown, "predicate_error");
      const text = `A predicate of ${this.#agent.name} failed: ${message}`;
      const error = new FlockError("predicate_error", text, { cause: thrown });
      this.#kernel.tell({ error, agentName: this.#agent.name, correlationId: artifact.correlationId });
      return undefined;
    }
  }
}
