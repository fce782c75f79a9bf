/**
 * The Flockdeck protocol, version 1: every message that crosses a carrier, its shape and its validation.
 * PROTOCOL.md tells what each one means. Field names are snake_case; `timestamp` and `*_at` are milliseconds
 * since 1970; `duration` is in seconds; `offset` and `length` count UTF-16 code units.
 * Parsing drops unknown fields, so that version 1 can grow.
 */
import { z } from "zod";

export const PROTOCOL_VERSION = 1;

const text = z.string();
const milliseconds = z.number();
const seconds = z.number().min(0);
const units = z.number().int().min(0);
const seq = z.number().int().min(0);
const artifactIds = z.array(text);
const jsonObject = z.record(z.string(), z.unknown());

export const roleSchema = z.enum(["watch", "control"]);
export type Role = z.infer<typeof roleSchema>;

export const runtimeModeSchema = z.enum(["cli", "dashboard", "api", "test"]);
export type RuntimeModeName = z.infer<typeof runtimeModeSchema>;

export const outcomeSchema = z.enum(["completed", "failed", "cancelled"]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const errorInfoSchema = z.object({ code: text, message: text });
export type ErrorInfo = z.infer<typeof errorInfoSchema>;

/** Tokens as the provider counted them; a demo model counts its own and says so in `estimated`. */
export const usageSchema = z.object({
  input_tokens: z.number().min(0).optional(),
  output_tokens: z.number().min(0).optional(),
  total_tokens: z.number().min(0).optional(),
  estimated: z.boolean().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const agentInfoSchema = z.object({
  name: text,
  description: text,
  consumes: z.array(text),
  publishes: z.array(text),
  model: text,
});
export type AgentInfo = z.infer<typeof agentInfoSchema>;

export const visibilitySchema = z.union([z.string(), jsonObject]);

export const artifactSchema = z.object({
  id: text,
  type: text,
  payload: z.unknown(),
  produced_by: text,
  correlation_id: text,
  tags: z.array(text),
  visibility: visibilitySchema,
  version: z.number().int(),
  created_at: milliseconds,
});
export type ArtifactMessage = z.infer<typeof artifactSchema>;

// ───────────────────────────────────────── server to viewer ─────────────────────────────────────────

export const helloSchema = z.object({
  type: z.literal("hello"),
  protocol: z.literal(PROTOCOL_VERSION),
  server: text,
  epoch: text,
  runtime_mode: runtimeModeSchema,
  role: roleSchema,
  limits: z.object({ retained_chars: units, flush_interval_ms: milliseconds, max_frame_bytes: units }),
  agents: z.array(agentInfoSchema),
  artifact_types: z.record(z.string(), z.unknown()),
  /**
   * The flock's name and its sample input, for a viewer's publish form: one payload of each type (`sample`), and all
   * that belongs into one workflow, in order (`samples`).
   */
  flock: z
    .object({
      name: text,
      sample: jsonObject.optional(),
      samples: z.array(z.object({ type: text, payload: z.unknown() })).optional(),
    })
    .optional(),
});

export const streamStartedSchema = z.object({
  type: z.literal("stream_started"),
  seq,
  stream_id: text,
  agent_name: text,
  run_id: text,
  correlation_id: text,
  attempt: z.number().int().min(1),
  artifact_type: text,
  model: text,
  consumed_artifacts: artifactIds,
  started_at: milliseconds,
});

export const streamChunkSchema = z.object({
  type: z.literal("stream_chunk"),
  stream_id: text,
  agent_name: text,
  chunk: text,
  offset: units,
  timestamp: milliseconds,
});

export const streamResetSchema = z.object({
  type: z.literal("stream_reset"),
  stream_id: text,
  agent_name: text,
  offset: units,
  content: text,
  reason: z.enum(["attached", "lagged", "truncated"]),
});

export const streamCompleteSchema = z.object({
  type: z.literal("stream_complete"),
  seq,
  stream_id: text,
  agent_name: text,
  status: outcomeSchema,
  length: units,
  full_content: text.optional(),
  duration: seconds,
  usage: usageSchema.optional(),
  error: errorInfoSchema.optional(),
  /** When the first text was produced; absent if there was none. */
  first_text_at: milliseconds.optional(),
  timestamp: milliseconds,
});

export const streamProgressSchema = z.object({
  type: z.literal("stream_progress"),
  stream_id: text,
  length: units,
  timestamp: milliseconds,
});

const runFields = { seq, run_id: text, agent_name: text, correlation_id: text, timestamp: milliseconds };

export const agentActivatedSchema = z.object({
  type: z.literal("agent_activated"),
  ...runFields,
  consumed_types: z.array(text),
  consumed_artifacts: artifactIds,
  produced_types: z.array(text),
});

export const agentCompletedSchema = z.object({
  type: z.literal("agent_completed"),
  ...runFields,
  duration: seconds,
  artifacts_produced: artifactIds,
  usage: usageSchema.optional(),
});

export const agentErrorSchema = z.object({
  type: z.literal("agent_error"),
  ...runFields,
  error: errorInfoSchema,
  attempt: z.number().int().min(1),
  will_retry: z.boolean(),
});

/** A run that pauses because its provider said so (429 with Retry-After, a rate limit): a wait, not a failure. */
export const agentWaitingSchema = z.object({
  type: z.literal("agent_waiting"),
  ...runFields,
  reason: text,
  /** When the wait ends, in milliseconds since 1970. */
  until: milliseconds,
});

export const artifactPublishedSchema = z.object({
  type: z.literal("artifact_published"),
  seq,
  artifact: artifactSchema,
});

export const workflowStartedSchema = z.object({
  type: z.literal("workflow_started"),
  seq,
  correlation_id: text,
  timestamp: milliseconds,
});

export const workflowFinishedSchema = z.object({
  type: z.literal("workflow_finished"),
  seq,
  correlation_id: text,
  status: outcomeSchema,
  duration: seconds,
  timestamp: milliseconds,
});

export const syncCompleteSchema = z.object({ type: z.literal("sync_complete"), seq });

export const replySchema = z.object({
  type: z.literal("reply"),
  request_id: text,
  ok: z.boolean(),
  result: jsonObject.optional(),
  error: errorInfoSchema.optional(),
});

export const serverMessageSchema = z.discriminatedUnion("type", [
  helloSchema,
  streamStartedSchema,
  streamChunkSchema,
  streamResetSchema,
  streamCompleteSchema,
  streamProgressSchema,
  agentActivatedSchema,
  agentCompletedSchema,
  agentErrorSchema,
  agentWaitingSchema,
  artifactPublishedSchema,
  workflowStartedSchema,
  workflowFinishedSchema,
  syncCompleteSchema,
  replySchema,
]);

export type Hello = z.infer<typeof helloSchema>;
export type StreamStarted = z.infer<typeof streamStartedSchema>;
export type StreamChunk = z.infer<typeof streamChunkSchema>;
export type StreamReset = z.infer<typeof streamResetSchema>;
export type StreamComplete = z.infer<typeof streamCompleteSchema>;
export type StreamProgress = z.infer<typeof streamProgressSchema>;
export type AgentActivated = z.infer<typeof agentActivatedSchema>;
export type AgentCompleted = z.infer<typeof agentCompletedSchema>;
export type AgentErrorMessage = z.infer<typeof agentErrorSchema>;
export type AgentWaiting = z.infer<typeof agentWaitingSchema>;
export type ArtifactPublished = z.infer<typeof artifactPublishedSchema>;
export type WorkflowStarted = z.infer<typeof workflowStartedSchema>;
export type WorkflowFinished = z.infer<typeof workflowFinishedSchema>;
export type SyncComplete = z.infer<typeof syncCompleteSchema>;
export type Reply = z.infer<typeof replySchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** Messages that carry a `seq`, in the order in which they happened. `sync_complete` only quotes one. */
export type SequencedMessage = Exclude<Extract<ServerMessage, { seq: number }>, SyncComplete>;

// ───────────────────────────────────────── viewer to server ─────────────────────────────────────────

export const attachSchema = z.object({
  type: z.literal("attach"),
  epoch: text.optional(),
  cursors: z.record(z.string(), units).optional(),
  since_seq: seq.optional(),
  acks: z.boolean().optional(),
});

export const focusSchema = z.object({ type: z.literal("focus"), streams: z.array(text).nullable() });

export const ackSchema = z.object({ type: z.literal("ack"), chars: units });

export const publishSchema = z.object({
  type: z.literal("publish"),
  request_id: text,
  artifact_type: text,
  payload: z.unknown(),
  tags: z.array(text).optional(),
  correlation_id: text.optional(),
});

const cancelTargetFields = {
  stream_id: text.optional(),
  run_id: text.optional(),
  correlation_id: text.optional(),
};

/** Exactly one of the three names what to cancel. */
function namesOneTarget(target: { stream_id?: string; run_id?: string; correlation_id?: string }): boolean {
  return [target.stream_id, target.run_id, target.correlation_id].filter((id) => id !== undefined).length === 1;
}
const oneTarget = { message: "give exactly one of stream_id, run_id, correlation_id" };

export const cancelTargetSchema = z.object(cancelTargetFields).refine(namesOneTarget, oneTarget);
export type CancelTarget = z.infer<typeof cancelTargetSchema>;

export const cancelSchema = z
  .object({ type: z.literal("cancel"), request_id: text, ...cancelTargetFields })
  .refine(namesOneTarget, oneTarget);

export const viewerMessageSchema = z.discriminatedUnion("type", [
  attachSchema,
  focusSchema,
  ackSchema,
  publishSchema,
  cancelSchema,
]);

export type Attach = z.infer<typeof attachSchema>;
export type Focus = z.infer<typeof focusSchema>;
export type Ack = z.infer<typeof ackSchema>;
export type Publish = z.infer<typeof publishSchema>;
export type Cancel = z.infer<typeof cancelSchema>;
export type ViewerMessage = z.infer<typeof viewerMessageSchema>;
