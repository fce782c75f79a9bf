import type { ArtifactType } from "../../core/artifact-type.js";
import type { WantedType } from "../wanted.js";

type Schema = Record<string, unknown>;

/** `{ elements: [payload, …] }` with exactly `count` elements. */
export function listSchema(wanted: WantedType): Schema {
  const definitions: Schema = {};
  const items = embed(wanted.type, definitions);
  return rooted({ elements: listOf(items, wanted.count) }, definitions);
}

/** `{ TypeName: payload }`, or a list of payloads where several are wanted. */
export function typesSchema(wanted: readonly WantedType[]): Schema {
  const definitions: Schema = {};
  const properties: Schema = {};
  for (const { type, count } of wanted) {
    const payload = embed(type, definitions);
    properties[type.name] = count === 1 ? payload : listOf(payload, count);
  }
  return rooted(properties, definitions);
}

/** Whether a type's schema can be asked for as it is: providers want an object. */
export function isObjectSchema(type: ArtifactType): boolean {
  return type.jsonSchema.type === "object";
}

function rooted(properties: Schema, definitions: Schema): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}

function listOf(items: Schema, count: number): Schema {
  return { type: "array", items, minItems: count, maxItems: count };
}

/** A type's schema to be put inside another: what its references point to moves to the root's definitions. */
function embed(type: ArtifactType, definitions: Schema): Schema {
  let pointsToItself = false;
  const move = (reference: string): string => {
    const defined = /^#\/(?:\$defs|definitions)\/([^/]+)(.*)$/.exec(reference);
    if (defined !== null) return `#/$defs/${type.name}.${defined[1]}${defined[2]}`;
    if (!reference.startsWith("#")) return reference;
    pointsToItself = true;
    return `#/$defs/${type.name}${reference.slice(1)}`;
  };
  const { $schema: _schema, $id: _id, $defs, definitions: older, ...own } = type.jsonSchema;
  const embedded = rewrite(own, move) as Schema;
  for (const [name, definition] of Object.entries({ ...record(older), ...record($defs) })) {
    definitions[`${type.name}.${name}`] = rewrite(definition, move);
  }
  if (pointsToItself) definitions[type.name] = embedded;
  return embedded;
}

function rewrite(value: unknown, move: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, move));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === "$ref" && typeof field === "string" ? move(field) : rewrite(field, move),
    ]),
  );
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null ? (value as Schema) : {};
}
