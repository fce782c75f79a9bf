import type { ArtifactType } from "../../core/artifact-type.js";
import type { Random } from "./random.js";
import { sampleString } from "./sample-strings.js";

type Schema = Readonly<Record<string, unknown>>;

/** Below this depth only what is required is written, and references end in their shortest form. */
const DEEP = 4;
const ATTEMPTS = 20;

/**
 * A payload that satisfies the type's JSON Schema, the same for the same random. Schemas that say more than shapes
 * and ranges may defeat it; then the last attempt is returned and the validator has its say.
 */
export function samplePayload(type: ArtifactType, random: Random, topic: string): unknown {
  let payload: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    payload = new Sampler(type.jsonSchema, random, topic, attempt).value(type.jsonSchema, type.name, 0);
    if (type.check(payload).ok) return payload;
  }
  return payload;
}

class Sampler {
  readonly #root: Schema;
  readonly #random: Random;
  readonly #topic: string;
  readonly #attempt: number;

  constructor(root: Schema, random: Random, topic: string, attempt: number) {
    this.#root = root;
    this.#random = random;
    this.#topic = topic;
    this.#attempt = attempt;
  }

  value(schemaOrBoolean: unknown, key: string, depth: number): unknown {
    const schema = this.#resolve(schemaOrBoolean);
    if ("const" in schema) return schema.const;
    const [first, ...rest] = list(schema.enum);
    if (first !== undefined || rest.length > 0) return this.#random.pick([first, ...rest]);
    const branches = [...list(schema.oneOf), ...list(schema.anyOf)];
    if (branches.length > 0) {
      const { oneOf: _one, anyOf: _any, ...base } = schema;
      const branch =
        branches[(depth > DEEP ? branches.length - 1 : 0) + this.#attempt] ?? branches[this.#attempt % branches.length];
      return this.value(merge(base, this.#resolve(branch)), key, depth);
    }
    switch (typeOf(schema)) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, key, depth);
      case "integer":
      case "number":
        return sampleNumber(schema, this.#random);
      case "boolean":
        return this.#random.next() < 0.5;
      case "null":
        return null;
      default:
        return sampleString(schema, key, this.#random, this.#topic);
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const properties = record(schema.properties);
    const required = list(schema.required).filter((name) => typeof name === "string");
    const names = depth > DEEP || this.#attempt > ATTEMPTS / 2 ? required : [...Object.keys(properties), ...required];
    const value: Record<string, unknown> = {};
    for (const name of new Set(names)) value[name] = this.value(properties[name] ?? true, name, depth + 1);
    const least = typeof schema.minProperties === "number" ? schema.minProperties : 0;
    for (let count = 1; Object.keys(value).length < least && count <= least * 2; count++) {
      value[`field_${count}`] = this.value(schema.additionalProperties ?? true, "field", depth + 1);
    }
    return value;
  }

  #array(schema: Schema, key: string, depth: number): unknown[] {
    const least = typeof schema.minItems === "number" ? schema.minItems : 0;
    const most = typeof schema.maxItems === "number" ? schema.maxItems : Math.max(least, 4);
    const prefix = list(schema.prefixItems);
    const wanted = depth > DEEP ? least : Math.max(least, Math.min(most, prefix.length || this.#random.between(2, 4)));
    const items: unknown[] = [];
    for (let tries = 0; items.length < wanted && tries < wanted * 10; tries++) {
      const item = this.value(prefix[items.length] ?? schema.contains ?? schema.items ?? true, key, depth + 1);
      if (schema.uniqueItems === true && items.some((known) => JSON.stringify(known) === JSON.stringify(item)))
        continue;
      items.push(item);
    }
    return items;
  }

  /** Follows references and folds `allOf` in. */
  #resolve(schemaOrBoolean: unknown, hops = 0): Schema {
    let schema = record(schemaOrBoolean);
    if (typeof schema.$ref === "string" && hops < 32) {
      const { $ref, ...rest } = schema;
      schema = merge(this.#resolve(this.#lookUp(String($ref)), hops + 1), rest);
    }
    const parts = list(schema.allOf);
    if (parts.length === 0) return schema;
    const { allOf: _all, ...base } = schema;
    return parts.reduce<Schema>((all, part) => merge(all, this.#resolve(part, hops + 1)), base);
  }

  #lookUp(reference: string): unknown {
    if (!reference.startsWith("#")) return true;
    let found: unknown = this.#root;
    for (const step of reference.slice(1).split("/").filter(Boolean)) {
      found = record(found)[decodeURIComponent(step).replace(/~1/g, "/").replace(/~0/g, "~")];
    }
    return found;
  }
}

function sampleNumber(schema: Schema, random: Random): number {
  const whole = schema.type === "integer" || (Array.isArray(schema.type) && !schema.type.includes("number"));
  const step = typeof schema.multipleOf === "number" ? schema.multipleOf : whole ? 1 : 0;
  const nudge = step || 1e-3;
  const number = (value: unknown, shift = 0) => (typeof value === "number" ? value + shift : undefined);
  const low = number(schema.minimum) ?? number(schema.exclusiveMinimum, nudge);
  const high = number(schema.maximum) ?? number(schema.exclusiveMaximum, -nudge);
  const from = low ?? Math.min(0, (high ?? 0) - 10);
  const to = high ?? Math.max(from + 10, 10);
  const value = from + random.next() * (to - from);
  if (step === 0) return Math.min(to, Math.max(from, Number(value.toFixed(to - from >= 1 ? 1 : 4))));
  const lowest = Math.ceil(from / step);
  const count = random.between(lowest, Math.max(lowest, Math.floor(to / step)));
  return Number((count * step).toPrecision(12));
}

function typeOf(schema: Schema): string {
  if (typeof schema.type === "string") return schema.type;
  const named = list(schema.type).find((name) => name !== "null");
  if (typeof named === "string") return named;
  if ("properties" in schema || "required" in schema) return "object";
  if ("items" in schema || "prefixItems" in schema) return "array";
  if (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"].some((word) => word in schema))
    return "number";
  return "string";
}

function merge(left: Schema, right: Schema): Schema {
  const both = { ...left, ...right };
  if ("properties" in left && "properties" in right) {
    both.properties = { ...record(left.properties), ...record(right.properties) };
  }
  if ("required" in left && "required" in right) both.required = [...list(left.required), ...list(right.required)];
  return both;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}
