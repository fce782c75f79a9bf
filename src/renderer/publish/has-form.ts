import { isObject } from "./flat-text.js";

/** What a form can be made of. */
const FORM_WORDS = ["type", "properties", "items", "enum", "const", "$ref", "anyOf", "oneOf", "allOf"];

/** Whether a schema says what its fields are; one that allows anything does not, nor does one with names in place of words. */
export function hasForm(schema: unknown): boolean {
  return isObject(schema) && FORM_WORDS.some((word) => schema[word] !== undefined);
}
