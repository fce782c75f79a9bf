/** Every shape of the REST calls, once: they validate what comes in and describe, in OpenAPI, what goes out. */
import { z } from "zod";
import {
  agentInfoSchema,
  artifactSchema,
  cancelTargetSchema,
  errorInfoSchema,
  outcomeSchema,
  roleSchema,
  runtimeModeSchema,
  usageSchema,
} from "../../protocol/index.js";

export const DEFAULT_LIMIT = 100;
export const LARGEST_LIMIT = 500;

const text = z.string().min(1).max(1024);

const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

/** Milliseconds since 1970, or an ISO 8601 date. `Date.parse` alone finds one in almost any text that has a number. */
const time = z.string().transform((value, context) => {
  if (/^\d{1,16}$/.test(value)) return Number(value);
  if (isoTime.safeParse(value).success) return Date.parse(value);
  context.addIssue({ code: "custom", message: "give milliseconds since 1970 or an ISO 8601 date" });
  return z.NEVER;
});

const limit = z
  .string()
  .regex(/^\d{1,4}$/, "give a whole number")
  .transform(Number)
  .pipe(z.number().min(1, "must be at least 1").max(LARGEST_LIMIT, `must be at most ${LARGEST_LIMIT}`));

export const listQuerySchema = z.object({
  type: text.optional(),
  correlation_id: text.optional(),
  produced_by: text.optional(),
  tag: text.optional(),
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(DEFAULT_LIMIT),
  cursor: text.optional(),
});

export const sessionBodySchema = z.object({ token: z.string().min(1).max(1024) });
export const sessionAnswerSchema = z.object({ role: roleSchema });

export const publishBodySchema = z.object({
  type: z.string().min(1),
  payload: z.unknown().refine((payload) => payload !== undefined, "is missing"),
  tags: z.array(z.string()).optional(),
  correlation_id: z.string().min(1).optional(),
});
export const publishAnswerSchema = z.object({ artifact_id: z.string(), correlation_id: z.string() });

/** JSON Schema has its own way of saying that one of the three, and no more, is given. */
export const cancelBodySchema = cancelTargetSchema.meta({
  oneOf: [{ required: ["stream_id"] }, { required: ["run_id"] }, { required: ["correlation_id"] }],
});
export const cancelAnswerSchema = z.looseObject({});

export const healthSchema = z.object({ status: z.literal("ok"), runtime_mode: runtimeModeSchema, version: z.string() });

const units = z.number().int().min(0);

export const streamInfoSchema = z.object({
  stream_id: z.string(),
  agent_name: z.string(),
  run_id: z.string(),
  correlation_id: z.string(),
  attempt: z.number().int().min(1),
  artifact_type: z.string(),
  model: z.string(),
  consumed_artifacts: z.array(z.string()),
  started_at: z.number(),
  status: z.enum(["live", ...outcomeSchema.options]),
  length: units,
  first_text_at: z.number().nullable(),
  duration: z.number().optional(),
  usage: usageSchema.optional(),
  error: errorInfoSchema.optional(),
});
export const streamDetailSchema = streamInfoSchema.extend({ offset: units, content: z.string() });

export const workflowInfoSchema = z.object({
  correlation_id: z.string(),
  status: z.enum(["running", ...outcomeSchema.options]),
  started_at: z.number(),
  duration: z.number().optional(),
});

export const runInfoSchema = z.object({
  run_id: z.string(),
  agent_name: z.string(),
  correlation_id: z.string(),
  status: z.enum(["running", "waiting", ...outcomeSchema.options]),
  started_at: z.number(),
  duration: z.number().optional(),
  consumed_artifacts: z.array(z.string()),
  artifacts_produced: z.array(z.string()),
  stream_ids: z.array(z.string()),
});

export const workflowDetailSchema = workflowInfoSchema.extend({
  runs: z.array(runInfoSchema),
  artifacts: z.array(z.string()),
  streams: z.array(z.string()),
});

function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

export const agentPageSchema = pageSchema(agentInfoSchema);
export const artifactPageSchema = pageSchema(artifactSchema);
export const streamPageSchema = pageSchema(streamInfoSchema);
export const workflowPageSchema = pageSchema(workflowInfoSchema);
export { artifactSchema };

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
});
