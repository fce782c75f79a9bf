import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import { describeIssues } from "./artifact-types.js";
import { checkPayload } from "./check-payload.js";
import type { EvalResult, OutputDraft } from "./engine.js";
import { FlockError } from "./errors.js";
import { UNTYPED } from "./function-engine.js";
import type { OutputGroup } from "./output-group.js";

/**
 * Holds a result to its output group: the right types, the right number, payloads that fit, the group's own
 * validators. What a function returned of no type counts for nothing where nothing is published. Returns the drafts with
 * parsed payloads; throws `invalid_output` or `output_rejected` with words that
 * help the engine to do better.
 */
export async function checkOutput(
  group: OutputGroup,
  types: readonly ArtifactType[],
  result: EvalResult,
  consumed: readonly Artifact[],
): Promise<readonly OutputDraft[]> {
  const faults: string[] = [];
  const drafts: OutputDraft[] = [];
  for (const draft of result.outputs) {
    if (types.length === 0 && draft.type === UNTYPED) continue;
    const type = types.find((candidate) => candidate.name === draft.type);
    if (!type) {
      faults.push(`${draft.type}: not among the expected types (${group.types.join(", ") || "none"})`);
      continue;
    }
    const checked = checkPayload(type, draft.payload);
    if (checked.ok) drafts.push({ type: draft.type, payload: checked.payload });
    else faults.push(describeIssues(draft.type, checked.issues));
  }
  if (!result.partial) faults.push(...miscounted(group, result.outputs));
  if (faults.length > 0) throw new FlockError("invalid_output", faults.join("\n"));
  const refusals: string[] = [];
  for (const draft of drafts) refusals.push(...(await refusalsOf(group, draft, consumed)));
  if (refusals.length > 0) throw new FlockError("output_rejected", refusals.join("\n"));
  return drafts;
}

function miscounted(group: OutputGroup, outputs: readonly OutputDraft[]): string[] {
  const faults: string[] = [];
  for (const type of new Set(group.types)) {
    const wanted = group.fanOut * group.types.filter((name) => name === type).length;
    const got = outputs.filter((draft) => draft.type === type).length;
    if (got !== wanted) faults.push(`${type}: expected ${wanted}, got ${got}`);
  }
  return faults;
}

async function refusalsOf(
  group: OutputGroup,
  draft: OutputDraft,
  consumed: readonly Artifact[],
): Promise<readonly string[]> {
  const words: string[] = [];
  for (const validate of group.validate) {
    try {
      const verdict = await validate(draft, consumed);
      if (verdict === false) words.push(`${draft.type}: refused`);
      else if (typeof verdict === "string") words.push(`${draft.type}: ${verdict}`);
    } catch (error) {
      words.push(`${draft.type}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return words;
}
