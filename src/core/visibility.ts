import type { Artifact, Visibility } from "./artifact.js";
import { PUBLIC, sealVisibility } from "./seal.js";

/** What visibility is judged by. */
export interface Onlooker {
  readonly name: string;
  readonly labels: readonly string[];
  readonly tenant: string | undefined;
}

export const visibility = Object.freeze({
  public: PUBLIC,
  /** Only the named agents. */
  private: (...agents: string[]): Visibility => sealVisibility({ kind: "private", agents }),
  /** Agents that carry all of the labels. */
  labelled: (...labels: string[]): Visibility => sealVisibility({ kind: "labelled", labels }),
  tenant: (tenant: string): Visibility => sealVisibility({ kind: "tenant", tenant }),
  /** Hidden for `ttl` milliseconds, then as `next` says. */
  // biome-ignore lint/suspicious/noThenProperty: the field is named so in the artifact's contract, and nothing awaits a rule
  after: (ttl: number, next: Visibility = PUBLIC): Visibility => sealVisibility({ kind: "after", ttl, then: next }),
});

/**
 * When the onlooker may see the artifact, in milliseconds since 1970: 0 for always, a time for one that `after`
 * hides until then, undefined for never.
 */
export function visibleFrom(artifact: Artifact, onlooker: Onlooker): number | undefined {
  return fromWhen(artifact.visibility, onlooker, artifact.createdAt, 0);
}

export function isVisible(artifact: Artifact, onlooker: Onlooker, now: number): boolean {
  const from = visibleFrom(artifact, onlooker);
  return from !== undefined && now >= from;
}

function fromWhen(rule: Visibility, onlooker: Onlooker, base: number, from: number): number | undefined {
  switch (rule.kind) {
    case "public":
      return from;
    case "private":
      return rule.agents.includes(onlooker.name) ? from : undefined;
    case "labelled":
      return rule.labels.every((label) => onlooker.labels.includes(label)) ? from : undefined;
    case "tenant":
      return rule.tenant === onlooker.tenant ? from : undefined;
    case "after":
      return fromWhen(rule.then, onlooker, base + rule.ttl, base + rule.ttl);
  }
}
