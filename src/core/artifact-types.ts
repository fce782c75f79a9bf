import { z } from "zod";
import type { ArtifactType, PayloadCheck } from "./artifact-type.js";

/** An artifact type that knows the TypeScript types of its payload and of what may be published as one. */
export interface TypedArtifactType<Payload, Input = Payload> extends ArtifactType {
  /** Never present at run time: they carry the types. */
  readonly payloadType?: Payload;
  readonly inputType?: Input;
}

/** An artifact type, or the name of one, that says nothing to the compiler. */
export type UntypedArtifactType = string | (ArtifactType & { readonly payloadType?: never });

/** What Markdown artifacts hold. */
export interface TextPayload {
  readonly text: string;
}

function pathOf(segments: readonly PropertyKey[]): string {
  let path = "$";
  for (const segment of segments) path += typeof segment === "number" ? `[${segment}]` : `.${String(segment)}`;
  return path;
}

/** Makes an artifact type from a zod schema; `check` returns the parsed payload, with defaults filled in. */
export function artifact<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
): TypedArtifactType<z.output<Schema>, z.input<Schema>> {
  const jsonSchema = z.toJSONSchema(schema, { target: "draft-2020-12", unrepresentable: "any", io: "input" });
  return Object.freeze({
    name,
    jsonSchema,
    isText: false,
    check: (payload: unknown) => check(schema, payload),
  });
}

const textSchema = z.object({ text: z.string() });

/** Makes the type of free Markdown: `{ text: string }`. */
export function textArtifact(name: string): TypedArtifactType<TextPayload> {
  return Object.freeze({ ...artifact(name, textSchema), isText: true });
}

function check(schema: z.ZodType, payload: unknown): PayloadCheck {
  try {
    const result = schema.safeParse(payload);
    if (result.success) return { ok: true, payload: result.data };
    return {
      ok: false,
      issues: result.error.issues.map((issue) => ({ path: pathOf(issue.path), reason: issue.message })),
    };
  } catch (thrown) {
    return { ok: false, issues: [{ path: "$", reason: faultOfSchema(thrown) }] };
  }
}

/** The schema may come from another copy of zod than ours, whose classes are not the same. */
function isAsyncError(thrown: unknown): boolean {
  return (
    thrown instanceof z.core.$ZodAsyncError ||
    (thrown instanceof Error && thrown.message.includes("Promise during synchronous parse"))
  );
}

function faultOfSchema(thrown: unknown): string {
  if (isAsyncError(thrown)) return "its schema is asynchronous; make its refinements and transforms synchronous";
  return `its schema failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}

/** One line for people: `Topic: $.title: expected string; $.n: …`. */
export function describeIssues(typeName: string, issues: readonly { path: string; reason: string }[]): string {
  return `${typeName}: ${issues.map((issue) => `${issue.path}: ${issue.reason}`).join("; ")}`;
}
