import type { Artifact, Visibility } from "./artifact.js";
import type { OutputDraft } from "./engine.js";
import { PUBLIC, sealNames, sealVisibility } from "./seal.js";

/** Returns true or nothing to accept; false or words to refuse. Words go back to the engine. A throw refuses. */
export type OutputValidator = (
  output: OutputDraft,
  consumed: readonly Artifact[],
) => boolean | string | undefined | Promise<boolean | string | undefined>;

export interface PublishOptions {
  /** How many artifacts of each type one engine call makes. Default 1. */
  readonly fanOut?: number;
  /** An output for which it fails is dropped without being published. */
  readonly where?: (output: OutputDraft) => boolean;
  /** An output for which it fails is made again, at most twice. */
  readonly validate?: OutputValidator | readonly OutputValidator[];
  readonly tags?: readonly string[];
  /** Default public. */
  readonly visibility?: Visibility;
}

/** One `publishes` call: one engine call, one stream an attempt. */
export interface OutputGroup {
  readonly types: readonly string[];
  readonly fanOut: number;
  readonly where: ((output: OutputDraft) => boolean) | undefined;
  readonly validate: readonly OutputValidator[];
  readonly tags: readonly string[];
  readonly visibility: Visibility;
}

export function makeOutputGroup(types: readonly string[], options: PublishOptions = {}): OutputGroup {
  const validate = options.validate ?? [];
  return {
    types,
    fanOut: options.fanOut ?? 1,
    where: options.where,
    validate: typeof validate === "function" ? [validate] : validate,
    tags: sealNames("tags", options.tags ?? []),
    visibility: sealVisibility(options.visibility ?? PUBLIC),
  };
}

/** What an agent that publishes nothing asks of its engine: to run, and to make nothing. */
export const NO_OUTPUT: OutputGroup = makeOutputGroup([]);
