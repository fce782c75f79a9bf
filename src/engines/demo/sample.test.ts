import { expect, it } from "vitest";
import { schemaType } from "../schema-type.testing.js";
import { createRandom } from "./random.js";
import { samplePayload } from "./sample.js";

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

const SCHEMAS: Record<string, Record<string, unknown>> = {
  strings: object({
    title: { type: "string" },
    body: { type: "string", minLength: 200 },
    slug: { type: "string", maxLength: 3 },
  }),
  lengths: object({ exact: { type: "string", minLength: 20, maxLength: 20 }, none: { type: "string", maxLength: 0 } }),
  patterns: object({
    code: { type: "string", pattern: "^[A-Z]{3}-\\d{3}$" },
    zip: { type: "string", pattern: "^\\d{5}$" },
  }),
  formats: object(
    Object.fromEntries(
      [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "uuid",
        "regex",
      ].map((format) => [format, { type: "string", format }]),
    ),
  ),
  numbers: object({
    score: { type: "number", minimum: 0, maximum: 1 },
    small: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.01 },
    stars: { type: "integer", minimum: 1, maximum: 5 },
    below: { type: "integer", maximum: -7 },
    tens: { type: "integer", multipleOf: 10, minimum: 15, maximum: 45 },
    fraction: { type: "number", multipleOf: 0.25, exclusiveMinimum: 1, maximum: 2 },
    open: { type: "integer", exclusiveMinimum: 3, exclusiveMaximum: 5 },
  }),
  choices: object({
    level: { enum: ["low", "high"] },
    kind: { const: "note" },
    no: { type: "null" },
    yes: { type: "boolean" },
  }),
  arrays: object({
    tags: { type: "array", items: { type: "string" }, minItems: 6, uniqueItems: true },
    few: { type: "array", items: { type: "integer" }, maxItems: 1 },
    pair: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 },
    anything: { type: "array" },
  }),
  nested: object({ author: object({ name: { type: "string" }, born: object({ year: { type: "integer" } }) }) }),
  unions: object({
    one: { oneOf: [object({ kind: { const: "a" }, x: { type: "integer" } }), object({ kind: { const: "b" } })] },
    any: { anyOf: [{ type: "string", maxLength: 5 }, { type: "integer" }] },
    several: { type: ["null", "string"] },
  }),
  onlyOne: object({ value: { oneOf: [{ type: "integer" }, { type: "integer", minimum: 100 }] } }),
  references: {
    $defs: {
      place: object({ name: { type: "string" } }),
      places: { type: "array", items: { $ref: "#/$defs/place" }, minItems: 1 },
    },
    ...object({ from: { $ref: "#/$defs/place" }, via: { $ref: "#/$defs/places" } }),
  },
  recursive: {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
        required: ["name", "children"],
      },
    },
  },
  all: {
    allOf: [
      { type: "object", required: ["a"] },
      { properties: { a: { type: "integer" } } },
      { required: ["b"], properties: { b: { const: 1 } } },
    ],
  },
  map: { type: "object", additionalProperties: { type: "integer" }, minProperties: 2 },
  bareArray: { type: "array", items: { type: "string" }, minItems: 1 },
  bareString: { type: "string" },
};

it.each(Object.keys(SCHEMAS))("the sample of %s satisfies its schema", (name) => {
  const type = schemaType("Sample", SCHEMAS[name] ?? {});
  for (let seed = 0; seed < 25; seed++) {
    const payload = samplePayload(type, createRandom(seed), "The history of flight");
    expect(type.check(payload), JSON.stringify(payload)).toMatchObject({ ok: true });
  }
});

it("is the same for the same seed and another for another", () => {
  const type = schemaType("Sample", SCHEMAS.strings ?? {});
  const sample = (seed: number) => JSON.stringify(samplePayload(type, createRandom(seed), "flight"));
  expect(sample(1)).toBe(sample(1));
  expect(sample(1)).not.toBe(sample(2));
});

it("gives its last attempt to the validator where a schema cannot be satisfied", () => {
  const type = schemaType("Sample", object({ value: { type: "string", pattern: "^(?:[^a]{17}zq){3}$" } }));
  expect(type.check(samplePayload(type, createRandom(1), "flight")).ok).toBe(false);
});
