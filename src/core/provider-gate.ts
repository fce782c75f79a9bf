import type { Agent } from "./agent.js";
import { untilAborted } from "./cancellation.js";
import type { Clock } from "./clock.js";
import type { Engine } from "./engine.js";

export interface ProviderLimit {
  /** Engine calls under way at once. */
  readonly maxConcurrency: number;
}

interface Provider {
  calls: number;
  /** Milliseconds since 1970. */
  blockedUntil: number;
  readonly waiting: (() => void)[];
}

/** `openai` of `openai/gpt-5-mini`. */
export function providerOf(model: string): string {
  return model.split("/", 1)[0] ?? "";
}

/**
 * The model that an engine of the agent asks: its name where that is PROVIDER/MODEL, else the agent's model. What stands
 * in a chain answers for itself.
 */
export function modelOf(engine: Engine, agent: Agent): string {
  return engine.name.includes("/") || agent.engines.length > 1 ? engine.name : agent.model;
}

/**
 * Holds engine calls back where their provider asks for it: a number of calls at once, and a time until which the
 * provider wants none. One call that is told to wait makes the later ones wait too, rather than fail one by one.
 */
export class ProviderGate {
  readonly #clock: Clock;
  readonly #limits: Readonly<Record<string, ProviderLimit>>;
  readonly #providers = new Map<string, Provider>();

  constructor(clock: Clock, limits: Readonly<Record<string, ProviderLimit>>) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Waits for a free place; `told` hears why and until when (now, if nobody knows). Returns what gives it back. */
  async enter(model: string, signal: AbortSignal, told: (reason: string, until: number) => void): Promise<() => void> {
    const name = providerOf(model);
    const provider = this.#of(name);
    const limit = this.#limits[name]?.maxConcurrency ?? Number.POSITIVE_INFINITY;
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.now();
      if (provider.blockedUntil > now) {
        told(`${name} asked to wait`, provider.blockedUntil);
        await this.sleepUntil(provider.blockedUntil, signal);
      } else if (provider.calls >= limit) {
        told(`${name} takes ${limit} at once`, now);
        await this.#freePlace(provider, signal);
      } else break;
    }
    provider.calls++;
    return () => {
      provider.calls--;
      provider.waiting.shift()?.();
    };
  }

  /** The provider wants no calls until then. */
  block(model: string, until: number): void {
    const provider = this.#of(providerOf(model));
    provider.blockedUntil = Math.max(provider.blockedUntil, until);
  }

  async sleepUntil(until: number, signal: AbortSignal): Promise<void> {
    let handle: unknown;
    const sleep = new Promise<void>((resolve) => {
      handle = this.#clock.setTimeout(resolve, Math.max(0, until - this.#clock.now()));
    });
    try {
      await untilAborted(sleep, signal);
    } finally {
      this.#clock.clearTimeout(handle);
    }
  }

  async #freePlace(provider: Provider, signal: AbortSignal): Promise<void> {
    let wake = () => {};
    const free = new Promise<void>((resolve) => {
      wake = resolve;
      provider.waiting.push(wake);
    });
    try {
      await untilAborted(free, signal);
    } catch (error) {
      const place = provider.waiting.indexOf(wake);
      if (place >= 0) provider.waiting.splice(place, 1);
      else provider.waiting.shift()?.();
      throw error;
    }
  }

  #of(name: string): Provider {
    const known = this.#providers.get(name);
    if (known) return known;
    const provider = { calls: 0, blockedUntil: 0, waiting: [] };
    this.#providers.set(name, provider);
    return provider;
  }
}
