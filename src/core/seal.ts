import type { Artifact, Visibility } from "./artifact.js";
import { checkNames } from "./checks.js";
import { deepFreeze } from "./deep-freeze.js";
import { FlockError } from "./errors.js";

export const PUBLIC: Visibility = Object.freeze({ kind: "public" });

/** A frozen copy. Throws `invalid_request` for what is no list of names. */
export function sealNames(what: string, names: readonly string[]): readonly string[] {
  checkNames(what, names ?? null);
  return Object.freeze([...names]);
}

/** A frozen copy of a rule. Throws `invalid_request` for what is none: one that is misread would hide nothing. */
export function sealVisibility(rule: Visibility): Visibility {
  switch (rule?.kind) {
    case "public":
      return PUBLIC;
    case "private":
      return Object.freeze({ kind: "private", agents: sealNames("visibility.private", rule.agents) });
    case "labelled":
      return Object.freeze({ kind: "labelled", labels: sealNames("visibility.labelled", rule.labels) });
    case "tenant":
      if (typeof rule.tenant !== "string" || rule.tenant === "") break;
      return Object.freeze({ kind: "tenant", tenant: rule.tenant });
    case "after":
      if (!(rule.ttl >= 0 && Number.isFinite(rule.ttl)))
        throw new FlockError(
          "invalid_request",
          "visibility.after takes milliseconds, 0 or more: visibility.after(60_000)",
        );
      // biome-ignore lint/suspicious/noThenProperty: the field is named so in the artifact's contract
      return Object.freeze({ kind: "after", ttl: rule.ttl, then: sealVisibility(rule.then) });
  }
  throw new FlockError(
    "invalid_request",
    "This is no visibility. Use visibility.public, .private(...agents), .labelled(...labels), .tenant(name) or .after(ms, rule)",
  );
}

/** The artifact, frozen through and through, with its own copies of what a caller may still hold. */
export function sealArtifact(artifact: Artifact): Artifact {
  return Object.freeze({
    ...artifact,
    payload: deepFreeze(artifact.payload),
    tags: sealNames("tags", artifact.tags),
    visibility: sealVisibility(artifact.visibility),
  });
}
