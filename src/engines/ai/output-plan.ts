import type { OutputDraft, OutputRequest } from "../../core/engine.js";
import { FlockError } from "../../core/errors.js";
import type { FieldsLayout } from "../fields/markdown-writer.js";
import { type WantedType, wantedTypes } from "../wanted.js";
import { isObjectSchema, listSchema, typesSchema } from "./output-schema.js";

/** How an output request is put to a model, and how its answer becomes drafts. */
export type OutputPlan =
  | {
      readonly kind: "text";
      /** Undefined for an agent that publishes nothing. */
      readonly type: string | undefined;
    }
  | {
      readonly kind: "json";
      readonly wanted: readonly WantedType[];
      readonly layout: FieldsLayout;
      /** JSON Schema of the whole answer. */
      readonly schema: Readonly<Record<string, unknown>>;
    };

export function planOutput(request: OutputRequest): OutputPlan {
  const wanted = wantedTypes(request);
  const [first, ...others] = wanted;
  if (first === undefined) return { kind: "text", type: undefined };
  const alone = others.length === 0;
  if (alone && first.count === 1 && first.type.isText) return { kind: "text", type: first.type.name };
  const text = new Set(wanted.filter(({ type }) => type.isText).map(({ type }) => type.name));
  if (!alone) return { kind: "json", wanted, layout: { wrap: "types", text }, schema: typesSchema(wanted) };
  if (first.count === 1 && isObjectSchema(first.type)) {
    return { kind: "json", wanted, layout: { wrap: "one", text }, schema: first.type.jsonSchema };
  }
  return { kind: "json", wanted, layout: { wrap: "list", text }, schema: listSchema(first) };
}

/** Reads the drafts of a JSON answer; the orchestrator checks their payloads. Throws `invalid_output`. */
export function readDrafts(plan: Extract<OutputPlan, { kind: "json" }>, json: string): OutputDraft[] {
  const value = parse(json);
  const [only] = plan.wanted;
  switch (plan.layout.wrap) {
    case "one":
      return only === undefined ? [] : [draft(only, value)];
    case "list":
      return only === undefined ? [] : list(field(value, "elements") ?? value).map((payload) => draft(only, payload));
    case "types":
      return plan.wanted.flatMap((wanted) => {
        const payload = field(value, wanted.type.name);
        if (payload === undefined) return [];
        return wanted.count === 1 ? [draft(wanted, payload)] : list(payload).map((item) => draft(wanted, item));
      });
  }
}

function draft({ type }: WantedType, payload: unknown): OutputDraft {
  return { type: type.name, payload: type.isText && typeof payload === "string" ? { text: payload } : payload };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlockError("invalid_output", `The answer is not valid JSON: ${reason}`);
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
