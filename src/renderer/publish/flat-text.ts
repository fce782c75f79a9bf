/** Schemas that are nothing but a row of strings: most of what people publish, and too little for a form generator. */

/** One string of the payload, as its schema describes it. */
export interface TextField {
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly required: boolean;
  /** Written in a field of several lines. */
  readonly long: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

const OBJECT_WORDS = new Set(["$schema", "type", "title", "description", "properties", "required"]);
/** The lengths and the pattern are for the server to check, as in every other form. */
const STRING_WORDS = new Set(["type", "title", "description", "minLength", "maxLength", "pattern"]);

/** Strings this long, or with this name, are written in a field of several lines. */
const LONG = 72;
const LONG_NAMES = new Set(["text", "body", "content", "prompt", "description", "brief"]);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isLongText(name: string, sample: unknown): boolean {
  const long = typeof sample === "string" && (sample.length > LONG || sample.includes("\n"));
  return long || LONG_NAMES.has(name);
}

function onlyWords(schema: JsonObject, words: ReadonlySet<string>): boolean {
  return Object.keys(schema).every((word) => words.has(word));
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * The fields of an object whose properties are all plain strings; undefined for every other schema, and for a payload
 * that holds anything else.
 */
export function flatTextFields(schema: unknown, payload: unknown, sample: unknown): readonly TextField[] | undefined {
  if (!isObject(schema) || schema.type !== "object" || !isObject(schema.properties)) return undefined;
  const { properties } = schema;
  const values = payload ?? {};
  const sampled = isObject(sample) ? sample : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  if (!onlyWords(schema, OBJECT_WORDS) || !isObject(values)) return undefined;
  const fits = ([name, value]: [string, unknown]) =>
    Object.hasOwn(properties, name) && (value === undefined || typeof value === "string");
  if (!Object.entries(values).every(fits) || !required.every((name) => Object.hasOwn(properties, String(name)))) {
    return undefined;
  }
  const fields: TextField[] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property) || property.type !== "string" || !onlyWords(property, STRING_WORDS)) return undefined;
    fields.push({
      name,
      label: textOr(property.title) ?? name,
      description: textOr(property.description),
      required: required.includes(name),
      long: isLongText(name, sampled[name]),
    });
  }
  return fields;
}
