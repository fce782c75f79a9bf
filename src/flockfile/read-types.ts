import type { ArtifactType } from "../core/artifact-type.js";
import { schemaType, textType } from "./payload-type.js";
import type { Field, Source } from "./source.js";

const NAME = /^[A-Za-z_][\w.-]*$/;
const HINT = "Write NAME: text, or NAME: and a JSON Schema.";

/** `types:` → every declared name; undefined for one whose schema is faulty. */
export function readTypes(
  source: Source,
  field: Field | undefined,
  thorough: boolean,
): Map<string, ArtifactType | undefined> {
  const types = new Map<string, ArtifactType | undefined>();
  if (field === undefined) return types;
  for (const entry of source.entries(field, "types", HINT) ?? []) {
    if (!NAME.test(entry.key) || entry.key === "__proto__") {
      source.faults.error(
        entry.keyNode,
        `"${entry.key}" cannot name a type.`,
        "Use letters, digits, _, - and ., and begin with a letter.",
      );
      continue;
    }
    types.set(entry.key, readType(source, entry, thorough));
  }
  return types;
}

function readType(source: Source, entry: Field, thorough: boolean): ArtifactType | undefined {
  if (source.scalar(entry) === "text") return textType(entry.key);
  if (!source.isMap(entry)) {
    source.faults.error(entry.place, `Type ${entry.key} must be text or a JSON Schema.`, HINT);
    return undefined;
  }
  const schema = source.data(entry);
  if (typeof schema !== "object" || schema === null) return undefined;
  const result = schemaType(entry.key, { ...schema }, thorough);
  if ("type" in result) {
    for (const { path, message, hint } of result.oddities)
      source.faults.warning(source.placeIn(entry, path), message, hint);
    return result.type;
  }
  for (const fault of result.faults) {
    source.faults.error(source.placeIn(entry, fault.path), fault.message, fault.hint);
  }
  return undefined;
}
