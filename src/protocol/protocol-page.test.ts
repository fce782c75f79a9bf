import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverMessageSchema, viewerMessageSchema } from "./messages.js";

const page = readFileSync(join(import.meta.dirname, "..", "..", "PROTOCOL.md"), "utf8");

const messages = [...serverMessageSchema.options, ...viewerMessageSchema.options].map(({ shape }) => {
  const { type, ...fields } = shape;
  return [type.value, Object.keys(fields)] as const;
});

test.each(messages)("PROTOCOL.md tells %s and its fields", (type, fields) => {
  const row = page.split("\n").find((line) => line.startsWith("|") && line.split("|")[1]?.includes(`\`${type}\``));
  expect(row).toBeDefined();
  expect(fields.filter((field) => !row?.includes(`\`${field}\``))).toEqual([]);
});
