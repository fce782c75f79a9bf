import type { Artifact } from "./artifact.js";
import type { Match } from "./subscription.js";

/**
 * Collects the artifacts of one subscription until they are complete. `offer` returns what is to be consumed, in the
 * order of the subscription's types, or undefined while something is missing.
 */
export interface Gate {
  offer(artifact: Artifact): readonly Artifact[] | undefined;
  /** Whether it has gathered anything of the workflow. */
  holds(correlationId: string): boolean;
  forget(correlationId: string): void;
}

/** Whether a complete match may be consumed. */
export type MatchJudge = (match: Match) => boolean;

/** One artifact of one type: complete at once. */
export class SingleGate implements Gate {
  readonly #judge: MatchJudge;

  constructor(judge: MatchJudge) {
    this.#judge = judge;
  }

  offer(artifact: Artifact): readonly Artifact[] | undefined {
    const match = [artifact];
    return this.#judge(new Map([[artifact.type, match]])) ? match : undefined;
  }

  holds(): boolean {
    return false;
  }

  forget(): void {}
}

/**
 * Several types or several of one type: pools by workflow, in whatever order they come. When complete it takes the
 * latest N of each type and clears the pool, so that it never needs to hold more than those.
 */
export class PoolGate implements Gate {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #judge: MatchJudge;
  readonly #pools = new Map<string, Map<string, Artifact[]>>();

  constructor(counts: ReadonlyMap<string, number>, judge: MatchJudge) {
    this.#counts = counts;
    this.#judge = judge;
  }

  offer(artifact: Artifact): readonly Artifact[] | undefined {
    const pool = this.#poolOf(artifact.correlationId);
    const items = pool.get(artifact.type);
    if (!items) return undefined;
    items.push(artifact);
    if (items.length > (this.#counts.get(artifact.type) ?? 1)) items.shift();
    for (const [type, count] of this.#counts) if ((pool.get(type)?.length ?? 0) < count) return undefined;
    if (!this.#judge(pool)) return undefined;
    this.#pools.delete(artifact.correlationId);
    return [...pool.values()].flat();
  }

  holds(correlationId: string): boolean {
    return this.#pools.has(correlationId);
  }

  forget(correlationId: string): void {
    this.#pools.delete(correlationId);
  }

  #poolOf(correlationId: string): Map<string, Artifact[]> {
    const known = this.#pools.get(correlationId);
    if (known) return known;
    const pool = new Map<string, Artifact[]>();
    for (const type of this.#counts.keys()) pool.set(type, []);
    this.#pools.set(correlationId, pool);
    return pool;
  }
}
