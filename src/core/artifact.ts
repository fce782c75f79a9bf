/** Who may see an artifact, enforced when matching and when an agent reads the board. */
export type Visibility =
  | { readonly kind: "public" }
  | { readonly kind: "private"; readonly agents: readonly string[] }
  | { readonly kind: "labelled"; readonly labels: readonly string[] }
  | { readonly kind: "tenant"; readonly tenant: string }
  /** Hidden for `ttl` milliseconds, then as `then` says. */
  | { readonly kind: "after"; readonly ttl: number; readonly then: Visibility };

/** The producer of what came in through `publish`; no agent has this name. */
export const EXTERNAL = "external";

/** One typed, immutable piece of data on the blackboard. */
export interface Artifact<Payload = unknown> {
  readonly id: string;
  readonly type: string;
  readonly payload: Payload;
  /** The agent's name, or `external` for what came in through `publish`. */
  readonly producedBy: string;
  readonly correlationId: string;
  readonly tags: readonly string[];
  readonly visibility: Visibility;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}
