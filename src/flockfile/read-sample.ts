import { checkPayload } from "../core/check-payload.js";
import type { SampleArtifact } from "./definition.js";
import { reportUnknownType, type Scope } from "./scope.js";
import type { Field } from "./source.js";

const HINT = "Write TYPE: and its payload.";

export interface ReadSample extends SampleArtifact {
  readonly field: Field;
}

/** `publish:` → artifacts in the order of the file. A list of maps may hold a type more than once. */
export function readSample(scope: Scope, field: Field | undefined): ReadSample[] {
  if (field === undefined) return [];
  const { source } = scope;
  if (!source.isList(field)) return readSampleMap(scope, field);
  return (source.items(field, "publish", HINT) ?? []).flatMap((item) => readSampleMap(scope, item));
}

function readSampleMap(scope: Scope, field: Field): ReadSample[] {
  const { source, types } = scope;
  return (source.entries(field, "publish", HINT) ?? []).flatMap((entry) => {
    if (!types.has(entry.key)) {
      reportUnknownType(scope, entry.keyNode, entry.key);
      return [];
    }
    const payload = source.data(entry) ?? null;
    reportMisfit(scope, entry, payload);
    return [{ type: entry.key, payload, field: entry }];
  });
}

function reportMisfit({ source, types }: Scope, entry: Field, payload: unknown): void {
  const type = types.get(entry.key);
  const check = type && checkPayload(type, payload);
  if (check === undefined || check.ok) return;
  for (const issue of check.issues) {
    const steps = issue.path.split(/[$.[\]]+/).filter((step: string) => step !== "");
    source.faults.error(
      source.placeIn(entry, steps),
      `The sample does not fit ${entry.key}: ${issue.path} ${issue.reason}.`,
      type?.isText === true
        ? `${entry.key} is text: write { text: … }.`
        : `Mend it here, or ${entry.key} under types:.`,
    );
  }
}
