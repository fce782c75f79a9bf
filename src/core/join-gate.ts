import type { Artifact } from "./artifact.js";
import type { Clock } from "./clock.js";
import type { Gate, MatchJudge } from "./gate.js";
import type { JoinOptions } from "./subscription.js";

interface Group {
  readonly openedAt: number;
  /** The place of its first item among the artifacts that this gate has seen of the workflow. */
  readonly openedBy: number;
  readonly items: Map<string, Artifact[]>;
  /** Whether it was complete and was judged not to fit. */
  refused: boolean;
}

interface Pool {
  seen: number;
  /** By key, oldest first: a group is added with its first item. */
  readonly groups: Map<unknown, Group>;
}

/** What a `by` gives for an artifact; undefined where it has no key. Must not throw. */
export type KeyOf = (artifact: Artifact) => unknown;

/**
 * Joins artifacts of one workflow that share a key. A complete group gives the earliest N of each type. One that is
 * judged not to fit stays, and newer items take the place of its oldest. A group that is not consumed within its window is
 * dropped whole; a late item opens a new one.
 */
export class JoinGate implements Gate {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #within: JoinOptions["within"];
  readonly #keyOf: KeyOf;
  readonly #judge: MatchJudge;
  readonly #clock: Clock;
  readonly #pools = new Map<string, Pool>();

  constructor(
    counts: ReadonlyMap<string, number>,
    within: JoinOptions["within"],
    keyOf: KeyOf,
    judge: MatchJudge,
    clock: Clock,
  ) {
    this.#counts = counts;
    this.#within = within;
    this.#keyOf = keyOf;
    this.#judge = judge;
    this.#clock = clock;
  }

  offer(artifact: Artifact): readonly Artifact[] | undefined {
    const key = comparable(this.#keyOf(artifact));
    if (key === undefined) return undefined;
    const pool = this.#poolOf(artifact.correlationId);
    pool.seen++;
    this.#dropExpired(pool);
    const group = this.#groupOf(pool, key);
    const { items } = group;
    const sameType = items.get(artifact.type) ?? [];
    if (group.refused) sameType.shift();
    if (sameType.length < (this.#counts.get(artifact.type) ?? 0)) sameType.push(artifact);
    for (const [type, count] of this.#counts) if ((items.get(type)?.length ?? 0) < count) return undefined;
    group.refused = !this.#judge(items);
    if (group.refused) return undefined;
    pool.groups.delete(key);
    return [...items.values()].flat();
  }

  holds(correlationId: string): boolean {
    const pool = this.#pools.get(correlationId);
    if (!pool) return false;
    this.#dropExpired(pool);
    return pool.groups.size > 0;
  }

  forget(correlationId: string): void {
    this.#pools.delete(correlationId);
  }

  #dropExpired(pool: Pool): void {
    for (const [key, group] of pool.groups) {
      if (!this.#isExpired(pool, group)) return;
      pool.groups.delete(key);
    }
  }

  #isExpired(pool: Pool, group: Group): boolean {
    return "ms" in this.#within
      ? this.#clock.now() - group.openedAt > this.#within.ms
      : pool.seen - group.openedBy > this.#within.count;
  }

  #poolOf(correlationId: string): Pool {
    const known = this.#pools.get(correlationId);
    if (known) return known;
    const pool: Pool = { seen: 0, groups: new Map() };
    this.#pools.set(correlationId, pool);
    return pool;
  }

  #groupOf(pool: Pool, key: unknown): Group {
    const known = pool.groups.get(key);
    if (known) return known;
    const items = new Map<string, Artifact[]>();
    for (const type of this.#counts.keys()) items.set(type, []);
    const group = { openedAt: this.#clock.now(), openedBy: pool.seen, items, refused: false };
    pool.groups.set(key, group);
    return group;
  }
}

/** Objects are compared by what they hold, everything else by value. */
function comparable(key: unknown): unknown {
  if (key === null) return undefined;
  return typeof key === "object" ? JSON.stringify(key) : key;
}
