/** Artifact types of a flock file: JSON Schema 2020-12, or free Markdown. */
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ArtifactType, PayloadCheck } from "../core/artifact-type.js";
import {
  compileFault,
  pointerParts,
  SCHEMA_OPTIONS,
  type Schema,
  type SchemaFault,
  shapeFaults,
  wordFaults,
} from "./schema-faults.js";

const TEXT_SCHEMA: Schema = {
  type: "object",
  properties: { text: { type: "string", description: "Markdown" } },
  required: ["text"],
};

/** `/items/0/title` → `$.items[0].title`. */
function payloadPath(parts: readonly string[]): string {
  return `$${parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join("")}`;
}

function param(error: ErrorObject, name: string): string {
  return String(error.params[name]);
}

function issueOf(error: ErrorObject): { path: string; reason: string } {
  const at = pointerParts(error.instancePath);
  switch (error.keyword) {
    case "required":
      return { path: payloadPath([...at, param(error, "missingProperty")]), reason: "is required" };
    case "additionalProperties":
      return { path: payloadPath([...at, param(error, "additionalProperty")]), reason: "is not a known field" };
    case "unevaluatedProperties":
      return { path: payloadPath([...at, param(error, "unevaluatedProperty")]), reason: "is not a known field" };
    case "enum":
      return {
        path: payloadPath(at),
        reason: `must be one of ${(error.params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(", ")}`,
      };
    case "const":
      return { path: payloadPath(at), reason: `must be ${JSON.stringify(error.params.allowedValue)}` };
    default:
      return { path: payloadPath(at), reason: error.message ?? "is not valid" };
  }
}

function checker(validate: ValidateFunction): (payload: unknown) => PayloadCheck {
  return (payload) => {
    try {
      if (validate(payload)) return { ok: true, payload };
    } catch (error) {
      // A schema that refers to itself without end.
      const reason = error instanceof Error ? error.message : String(error);
      return { ok: false, issues: [{ path: "$", reason: `cannot be checked: ${reason}` }] };
    }
    return { ok: false, issues: (validate.errors ?? []).map(issueOf) };
  };
}

export type SchemaType =
  | {
      readonly type: ArtifactType;
      /** What JSON Schema forbids, though payloads are checked all the same. */
      readonly oddities: readonly SchemaFault[];
    }
  | { readonly faults: readonly SchemaFault[] };

/** Makes a type from its JSON Schema. Never throws: every fault is told with its path. `thorough` also finds oddities. */
export function schemaType(name: string, schema: Schema, thorough: boolean): SchemaType {
  try {
    const faults = wordFaults(schema);
    if (faults.length > 0) return { faults: [...shapeFaults(schema), ...faults] };
    return { type: compiled(name, schema), oddities: thorough ? shapeFaults(schema) : [] };
  } catch (error) {
    const told = shapeFaults(schema);
    return { faults: told.length > 0 ? told : [compileFault(error)] };
  }
}

function compiled(name: string, schema: Schema): ArtifactType {
  const ajv = new Ajv2020({ ...SCHEMA_OPTIONS, meta: false, validateSchema: false });
  addFormats.default(ajv);
  const validate = ajv.compile({ ...schema });
  return { name, jsonSchema: schema, isText: false, check: checker(validate) };
}

/** Free Markdown: payload `{ text: string }`. */
export function textType(name: string): ArtifactType {
  return { name, jsonSchema: TEXT_SCHEMA, isText: true, check: checkText };
}

function checkText(payload: unknown): PayloadCheck {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return { ok: false, issues: [{ path: "$", reason: "must be object" }] };
  }
  if (!("text" in payload)) return { ok: false, issues: [{ path: "$.text", reason: "is required" }] };
  if (typeof payload.text !== "string") return { ok: false, issues: [{ path: "$.text", reason: "must be string" }] };
  return { ok: true, payload };
}
