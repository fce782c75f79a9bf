import { expect } from "vitest";
import { formatFault, parseFlockFile } from "./index.js";

export const BASE = `name: Small
model: demo/essay
types:
  Topic: { type: object, properties: { title: { type: string }, n: { type: integer } }, required: [title] }
  Draft: { type: object, properties: { id: { type: string }, score: { type: number } }, additionalProperties: false }
  Article: text
agents:
  - name: writer
    consumes: [Topic]
    publishes: [Draft]
  - name: editor
    consumes: [Draft]
    publishes: [Article]
publish:
  Topic: { title: Flight }
`;

/** `▶` stands before the place of the fault. */
export interface Row {
  readonly name: string;
  readonly replace: string;
  readonly by: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
  readonly severity?: "warning";
  readonly strict?: boolean;
  /** The place is the parser's business. */
  readonly anywhere?: boolean;
  /** Warnings beside it. */
  readonly others?: RegExp;
}

const checkModel = (model: string) => (model === "demo/novel" ? `There is no demo model "${model}".` : undefined);

function placeOf(marked: string): { text: string; line: number; column: number } {
  const before = marked.slice(0, marked.indexOf("▶"));
  const line = before.split("\n").length;
  return { text: marked.replace("▶", ""), line, column: before.length - before.lastIndexOf("\n") };
}

/** Changes the base as the row says, and expects that one fault at its place. */
export function expectFault(row: Row): void {
  expect(BASE).toContain(row.replace);
  const { text, line, column } = placeOf(BASE.replace(row.replace, () => row.by));
  const { definition, faults } = parseFlockFile(text, { checkModel, strict: row.strict ?? false });
  // What an error leaves unused is also told, as warnings.
  const told = faults.filter(({ severity, message }) =>
    row.severity === "warning" ? !row.others?.test(message) : severity === "error",
  );
  expect(told.map((fault) => formatFault("f", fault))).toEqual([expect.stringMatching(row.message)]);
  expect(told[0]).toMatchObject({
    ...(row.anywhere !== true && { line, column }),
    severity: row.severity ?? "error",
  });
  if (row.hint) expect(told[0]?.hint).toMatch(row.hint);
  expect(definition === undefined).toBe(row.severity !== "warning");
}
