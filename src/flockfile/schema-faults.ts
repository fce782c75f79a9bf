/** What is wrong with a JSON Schema: all of it at once, each fault with its path. */
import type { ErrorObject, Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { formatNames } from "ajv-formats/dist/formats.js";
import { didYouMean } from "./suggest.js";

export type Schema = Readonly<Record<string, unknown>>;

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

export const SCHEMA_OPTIONS: Options = {
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
  judge ??= new Ajv2020(SCHEMA_OPTIONS);
  const { $schema: _, ...rest } = schema;
  return judge.validateSchema(rest) === true ? [] : (judge.errors ?? []);
}

export function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

const SCHEMA_MAPS = ["properties", "patternProperties", "$defs", "dependentSchemas"];
const SCHEMA_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SCHEMA_ONES =
  "items contains additionalProperties unevaluatedProperties unevaluatedItems propertyNames not if then else".split(
    " ",
  );

interface Subschema {
  readonly schema: Schema;
  readonly path: readonly string[];
}

/** The schema and all schemas inside it. */
function subschemas(schema: unknown, path: readonly string[] = []): Subschema[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  const inner = Object.entries(schema).flatMap(([key, value]): Subschema[] => {
    if (SCHEMA_ONES.includes(key)) return subschemas(value, [...path, key]);
    if (!SCHEMA_MAPS.includes(key) && !SCHEMA_LISTS.includes(key)) return [];
    return Object.entries(value ?? {}).flatMap(([name, child]) => subschemas(child, [...path, key, name]));
  });
  return [{ schema: { ...schema }, path }, ...inner];
}

/** Words that mean nothing: keywords, formats, patterns and references, anywhere in the schema. */
export function wordFaults(root: Schema): SchemaFault[] {
  const all = subschemas(root);
  const hasIds = all.some(({ schema, path }) => path.length > 0 && schema.$id !== undefined);
  return [
    ...dialectFaults(root),
    ...all.flatMap(({ schema, path }) => {
      const fault = (at: readonly string[], message: string, hint: string) => ({
        path: [...path, ...at],
        message,
        hint,
      });
      const faults: SchemaFault[] = Object.keys(schema)
        .filter((key) => !KNOWN.has(key))
        .map((key) => {
          const hint = didYouMean(key, KEYWORDS, "Remove it, or put it under properties if it is a field.");
          return fault([key], `JSON Schema has no keyword "${key}".`, hint);
        });
      const { format, pattern, patternProperties, $ref: reference } = schema;
      if (typeof format === "string" && !formatNames.some((name) => name === format))
        faults.push(fault(["format"], `There is no format "${format}".`, didYouMean(format, FORMATS)));
      for (const text of typeof pattern === "string" ? [pattern] : []) {
        const reason = patternFault(text);
        if (reason !== undefined) faults.push(fault(["pattern"], reason, PATTERN_HINT));
      }
      for (const text of Object.keys(patternProperties ?? {})) {
        const reason = patternFault(text);
        if (reason !== undefined) faults.push(fault(["patternProperties", text], reason, PATTERN_HINT));
      }
      if (typeof reference === "string" && !hasIds && !pointsInside(root, reference))
        faults.push(fault(["$ref"], `Nothing is at "${reference}".`, REFERENCE_HINT));
      return faults;
    }),
  ];
}

const KNOWN = new Set(KEYWORDS);
const FORMATS = "date-time date time duration email uri uuid hostname ipv4 ipv6 regex".split(" ");
const PATTERN_HINT = "Write one of ECMAScript, with the flag u.";
const REFERENCE_HINT = "A $ref points inside its own type, for example #/$defs/Section.";

function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The pattern is no regular expression: ${reason.replace(/^Invalid regular expression: /, "")}.`;
  }
}

/** Whether a reference of a schema without inner `$id` leads to something in it. */
function pointsInside(root: Schema, reference: string): boolean {
  const [address, pointer = ""] = reference.split("#", 2);
  if (address !== "" && address !== root.$id) return false;
  if (pointer === "") return true;
  if (!pointer.startsWith("/")) return false;
  let at: unknown = root;
  for (const step of pointerParts(pointer)) {
    const name = decoded(step);
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return false;
    at = Reflect.get(at, name);
  }
  return true;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A schema that does not compile for any other reason. */
export function compileFault(error: unknown): SchemaFault {
  const message = error instanceof Error ? error.message : String(error);
  const reference = /can't resolve reference (\S+)/.exec(message)?.[1];
  if (reference !== undefined) return { path: [], message: `Nothing is at "${reference}".`, hint: REFERENCE_HINT };
  return { path: [], message: `The schema does not compile: ${message}.`, hint: "Write JSON Schema 2020-12." };
}

/** Values that are not what their keyword takes. */
export function shapeFaults(schema: Schema): SchemaFault[] {
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

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

function dialectFaults(schema: Schema): SchemaFault[] {
  if (schema.$schema === undefined || schema.$schema === DIALECT) return [];
  const message = "Types are JSON Schema 2020-12, and no other version.";
  return [{ path: ["$schema"], message, hint: `Remove $schema, or write ${DIALECT}.` }];
}
