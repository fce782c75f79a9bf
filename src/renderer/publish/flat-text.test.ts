import { expect, test } from "vitest";
import { flatTextFields } from "./flat-text.js";

const topic = {
  type: "object",
  properties: {
    title: { type: "string", minLength: 1, description: "What it is about" },
    angle: { type: "string", title: "The angle" },
    body: { type: "string" },
  },
  required: ["title"],
};

test("a row of strings becomes a row of fields, in the schema's order", () => {
  expect(flatTextFields(topic, { title: "Kites" }, undefined)).toEqual([
    { name: "title", label: "title", description: "What it is about", required: true, long: false },
    { name: "angle", label: "The angle", description: undefined, required: false, long: false },
    { name: "body", label: "body", description: undefined, required: false, long: true },
  ]);
});

test("a long sample asks for several lines, and what is typed later does not change that", () => {
  const long = (payload: unknown, sample: unknown) => flatTextFields(topic, payload, sample)?.[0]?.long;
  expect(long({ title: "a\nb" }, { title: "a\nb" })).toBe(true);
  expect(long({ title: "a" }, { title: "a".repeat(100) })).toBe(true);
  expect(long({ title: "a".repeat(100) }, { title: "a" })).toBe(false);
});

const withTitle = (property: unknown) => ({ type: "object", properties: { title: property } });

test.each([
  ["anything goes", {}, {}],
  ["no schema", true, {}],
  ["a list", { type: "array", items: { type: "string" } }, []],
  ["a number in it", withTitle({ type: "number" }), {}],
  ["a choice", withTitle({ type: "string", enum: ["a", "b"] }), {}],
  ["a format", withTitle({ type: "string", format: "date" }), {}],
  ["a default", withTitle({ type: "string", default: "a" }), {}],
  ["alternatives", { ...withTitle({ type: "string" }), oneOf: [{ required: ["title"] }] }, {}],
  ["further properties", { ...withTitle({ type: "string" }), additionalProperties: { type: "string" } }, {}],
  ["a property that is required but not described", { ...withTitle({ type: "string" }), required: ["name"] }, {}],
  ["a payload with another property", withTitle({ type: "string" }), { name: "a" }],
  ["a payload of another type", withTitle({ type: "string" }), { title: 1 }],
  ["a payload that is no object", withTitle({ type: "string" }), "a"],
])("%s is left to the generator", (_what, schema, payload) => {
  expect(flatTextFields(schema, payload, payload)).toBeUndefined();
});
