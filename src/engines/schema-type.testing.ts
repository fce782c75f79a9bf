import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ArtifactType } from "../core/artifact-type.js";

/** A structured type from JSON Schema 2020-12, checked by ajv. */
export function schemaType(name: string, jsonSchema: Record<string, unknown>): ArtifactType {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(jsonSchema);
  return {
    name,
    jsonSchema,
    isText: false,
    check(payload) {
      if (validate(payload)) return { ok: true, payload };
      const issues = (validate.errors ?? []).map((error) => ({
        path: `$${error.instancePath.replaceAll("/", ".")}`,
        reason: error.message ?? "does not fit",
      }));
      return { ok: false, issues };
    },
  };
}
