import type { Artifact } from "./artifact.js";

/** The artifacts of one complete match, by type, each list in the order in which it will be consumed. */
export type Match = ReadonlyMap<string, readonly Artifact[]>;

/** Must be synchronous. One that throws means no match. */
export type Predicate<Payload = unknown> = (artifact: Artifact<Payload>) => boolean;

/** Where a predicate holds: for every artifact, or for those of one type. */
export type Where<Payload = unknown> =
  | Predicate<Payload>
  | readonly Predicate<Payload>[]
  | Readonly<Record<string, Predicate | readonly Predicate[]>>;

export interface JoinOptions<Payload = unknown> {
  /** The key that the artifacts of one group share. */
  readonly by: (artifact: Artifact<Payload>) => unknown;
  /** Milliseconds since the group's first item, or how many artifacts of this subscription may follow it. */
  readonly within: { readonly ms: number } | { readonly count: number };
}

export interface BatchOptions {
  /** Complete matches that make a batch. */
  readonly size?: number;
  /** Milliseconds since the batch's first item. */
  readonly timeout?: number;
}

export type SubscriptionMode = "both" | "events" | "direct";

export interface ConsumeOptions<Payload = unknown> {
  /** All predicates must hold. */
  readonly where?: Where<Payload>;
  /** Judges a complete match; while it fails, the gate stays as it is. */
  readonly whereAll?: (match: Match) => boolean;
  /** At least one of these is among the artifact's tags. */
  readonly tags?: readonly string[];
  /** Producers; `external` is what came in through `publish`. */
  readonly fromAgents?: readonly string[];
  readonly join?: JoinOptions<Payload>;
  readonly batch?: BatchOptions;
  /** `events`: published artifacts only; `direct`: `invoke` only. Default `both`. */
  readonly mode?: SubscriptionMode;
  /** Higher first, when matching and when waiting for a free slot. Default 0. */
  readonly priority?: number;
}

/** One `consumes` call, made plain. */
export interface Subscription {
  readonly agentName: string;
  /** Its place among the agent's subscriptions. */
  readonly index: number;
  /** How many of each type, in the order in which they were named. */
  readonly counts: ReadonlyMap<string, number>;
  /** The predicates that see artifacts of a type. */
  readonly predicates: (type: string) => readonly Predicate[];
  readonly whereAll: ((match: Match) => boolean) | undefined;
  readonly tags: readonly string[] | undefined;
  readonly fromAgents: readonly string[] | undefined;
  readonly join: JoinOptions | undefined;
  readonly batch: BatchOptions | undefined;
  readonly mode: SubscriptionMode;
  readonly priority: number;
}

export function makeSubscription(
  agentName: string,
  index: number,
  types: readonly string[],
  options: ConsumeOptions = {},
): Subscription {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    agentName,
    index,
    counts,
    predicates: predicatesOf(options.where),
    whereAll: options.whereAll,
    tags: options.tags,
    fromAgents: options.fromAgents,
    join: options.join,
    batch: options.batch,
    mode: options.mode ?? "both",
    priority: options.priority ?? 0,
  };
}

const NO_PREDICATES: readonly Predicate[] = [];

function predicatesOf(where: Where | undefined): (type: string) => readonly Predicate[] {
  if (where === undefined) return () => NO_PREDICATES;
  if (typeof where === "function") return always([where]);
  if (isList(where)) return always(where);
  const byType = new Map<string, readonly Predicate[]>();
  for (const [type, bound] of Object.entries(where)) byType.set(type, typeof bound === "function" ? [bound] : bound);
  return (type) => byType.get(type) ?? NO_PREDICATES;
}

function always(predicates: readonly Predicate[]): () => readonly Predicate[] {
  return () => predicates;
}

function isList(where: Where): where is readonly Predicate[] {
  return Array.isArray(where);
}
