/** Artifact types of a flock file: JSON Schema 2020-12, or free Markdown. */
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ArtifactType, PayloadCheck } from "../core/artifact-type.js";
import { didYouMean } from "./suggest.js";

type Schema = Readonly<Record<string, unknown>>;

/** A fault inside a schema, by its path from the schema's root. */
export interface SchemaFault {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

const KEYWORDS =
  "$id $schema $ref $defs $comment title description default examples deprecated readOnly writeOnly type enum const format properties required additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas unevaluatedProperties items prefixItems contains minContains maxContains minItems maxItems uniqueItems unevaluatedItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern allOf anyOf oneOf not if then else".split(
    " ",
  );

const TEXT_SCHEMA: Schema = {
  type: "object",
  properties: { text: { type: "string", description: "Markdown" } },
  required: ["text"],
};

const OPTIONS: Options = {
  allErrors: true,
  verbose: true,
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  logger: false,
};

/** Knows JSON Schema's own schema, which takes longer to compile than all types of a file: made when first needed. */
let judge: Ajv2020 | undefined;

function schemaErrors(schema: Schema): readonly ErrorObject[] {
  judge ??= new Ajv2020(OPTIONS);
  const { $schema: _, ...rest } = schema;
  return judge.validateSchema(rest) === true ? [] : (judge.errors ?? []);
}

function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

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

/** Finds where a keyword is used, so that a fault that only names it gets a place. */
function pathToKeyword(value: unknown, keyword: string, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, keyword) && path.at(-1) !== "properties") return [...path, keyword];
  for (const [key, child] of Object.entries(value)) {
    const found = pathToKeyword(child, keyword, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const SCHEMA_MAPS = ["properties", "patternProperties", "$defs", "dependentSchemas"];
const SCHEMA_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SCHEMA_ONES =
  "items contains additionalProperties unevaluatedProperties unevaluatedItems propertyNames not if then else".split(
    " ",
  );

/** Keywords that JSON Schema does not have, anywhere in the schema. */
function unknownKeywords(schema: unknown, path: readonly string[] = []): SchemaFault[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]): SchemaFault[] => {
    const at = [...path, key];
    if (SCHEMA_ONES.includes(key)) return unknownKeywords(value, at);
    if (SCHEMA_MAPS.includes(key) || SCHEMA_LISTS.includes(key)) {
      return Object.entries(value ?? {}).flatMap(([name, child]) => unknownKeywords(child, [...at, name]));
    }
    if (KEYWORDS.includes(key)) return [];
    const hint = didYouMean(key, KEYWORDS, "Remove it, or put it under properties if it is a field.");
    return [{ path: at, message: `JSON Schema has no keyword "${key}".`, hint }];
  });
}

function compileFault(schema: Schema, error: unknown): SchemaFault {
  const message = error instanceof Error ? error.message : String(error);
  const format = /unknown format "(.+?)"/.exec(message)?.[1];
  if (format !== undefined) {
    return {
      path: pathToKeyword(schema, "format") ?? [],
      message: `There is no format "${format}".`,
      hint: didYouMean(format, [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "uri",
        "uuid",
        "hostname",
        "ipv4",
        "ipv6",
        "regex",
      ]),
    };
  }
  const reference = /can't resolve reference (\S+)/.exec(message)?.[1];
  if (reference !== undefined) {
    return {
      path: pathToKeyword(schema, "$ref") ?? [],
      message: `Nothing is at "${reference}".`,
      hint: "A $ref points inside its own type, for example #/$defs/Section.",
    };
  }
  const expression = /Invalid regular expression: (.+)/.exec(message)?.[1];
  if (expression !== undefined) {
    return {
      path: pathToKeyword(schema, "pattern") ?? pathToKeyword(schema, "patternProperties") ?? [],
      message: `The pattern is no regular expression: ${expression}.`,
      hint: "Write one of ECMAScript, with the flag u.",
    };
  }
  return { path: [], message: `The schema does not compile: ${message}.`, hint: "Write JSON Schema 2020-12." };
}

function schemaFaults(schema: Schema): SchemaFault[] {
  // A wrong value under a type that may be several things is reported once for each; the deepest word says most.
  const byPath = new Map<string, SchemaFault>();
  for (const error of schemaErrors(schema)) {
    if (error.keyword === "anyOf" || byPath.has(error.instancePath)) continue;
    const path = pointerParts(error.instancePath);
    const choices = error.keyword === "enum" ? (error.params.allowedValues as unknown[]) : undefined;
    byPath.set(error.instancePath, {
      path,
      message: `Not a JSON Schema: ${path.at(-1) ?? "it"} ${error.message ?? "is not valid"}.`,
      hint: choices === undefined ? "Write JSON Schema 2020-12." : didYouMean(String(error.data), choices.map(String)),
    });
  }
  return [...byPath.values()];
}

/**
 * Makes a type from its JSON Schema. Never throws: every fault is told with its path. `thorough` also finds what
 * does no harm to checking payloads.
 */
export function schemaType(
  name: string,
  schema: Schema,
  thorough: boolean,
): { readonly type: ArtifactType } | { readonly faults: readonly SchemaFault[] } {
  try {
    const faults = [...dialectFaults(schema), ...(thorough ? schemaFaults(schema) : []), ...unknownKeywords(schema)];
    if (faults.length > 0) return { faults: thorough ? faults : [...schemaFaults(schema), ...faults] };
    return { type: compiled(name, schema) };
  } catch (error) {
    const told = thorough ? [] : schemaFaults(schema);
    return { faults: told.length > 0 ? told : [compileFault(schema, error)] };
  }
}

function compiled(name: string, schema: Schema): ArtifactType {
  const ajv = new Ajv2020({ ...OPTIONS, meta: false, validateSchema: false });
  addFormats.default(ajv);
  const validate = ajv.compile({ ...schema });
  return { name, jsonSchema: schema, isText: false, check: checker(validate) };
}

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

function dialectFaults(schema: Schema): SchemaFault[] {
  if (schema.$schema === undefined || schema.$schema === DIALECT) return [];
  const message = "Types are JSON Schema 2020-12, and no other version.";
  return [{ path: ["$schema"], message, hint: `Remove $schema, or write ${DIALECT}.` }];
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
