/** What PROTOCOL.md says of every server-to-viewer message, written down apart from the product's own types. */
import { expect } from "vitest";

export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

type Kind = "string" | "number" | "integer" | "array" | "object" | "boolean";

const SEQUENCED: Record<string, Kind> = { seq: "integer" };
const OF_STREAM: Record<string, Kind> = { stream_id: "string", agent_name: "string" };
const OF_RUN: Record<string, Kind> = {
  ...SEQUENCED,
  run_id: "string",
  agent_name: "string",
  correlation_id: "string",
  timestamp: "number",
};

const FIELDS: Record<string, Record<string, Kind>> = {
  hello: {
    protocol: "integer",
    server: "string",
    epoch: "string",
    runtime_mode: "string",
    role: "string",
    limits: "object",
    agents: "array",
    artifact_types: "object",
  },
  stream_started: {
    ...SEQUENCED,
    ...OF_STREAM,
    run_id: "string",
    correlation_id: "string",
    attempt: "integer",
    artifact_type: "string",
    model: "string",
    consumed_artifacts: "array",
    started_at: "number",
  },
  stream_chunk: { ...OF_STREAM, chunk: "string", offset: "integer", timestamp: "number" },
  stream_reset: { ...OF_STREAM, offset: "integer", content: "string", reason: "string" },
  stream_complete: {
    ...SEQUENCED,
    ...OF_STREAM,
    status: "string",
    length: "integer",
    duration: "number",
    timestamp: "number",
  },
  stream_progress: { stream_id: "string", length: "integer", timestamp: "number" },
  agent_activated: { ...OF_RUN, consumed_types: "array", consumed_artifacts: "array", produced_types: "array" },
  agent_completed: { ...OF_RUN, duration: "number", artifacts_produced: "array" },
  agent_error: { ...OF_RUN, error: "object", attempt: "integer", will_retry: "boolean" },
  artifact_published: { ...SEQUENCED, artifact: "object" },
  workflow_started: { ...SEQUENCED, correlation_id: "string", timestamp: "number" },
  workflow_finished: {
    ...SEQUENCED,
    correlation_id: "string",
    timestamp: "number",
    status: "string",
    duration: "number",
  },
  sync_complete: SEQUENCED,
  reply: { request_id: "string", ok: "boolean" },
};

const ARTIFACT: Record<string, Kind> = {
  id: "string",
  type: "string",
  produced_by: "string",
  correlation_id: "string",
  tags: "array",
  version: "integer",
  created_at: "number",
};

function fits(value: unknown, kind: Kind): boolean {
  if (kind === "array") return Array.isArray(value);
  if (kind === "integer") return Number.isInteger(value);
  if (kind === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === kind;
}

function misfits(value: object, fields: Record<string, Kind>): string[] {
  const record: Record<string, unknown> = { ...value };
  return Object.keys(fields).filter((name) => !fits(record[name], fields[name] ?? "object"));
}

/** Every message has the fields of its row, with the right kinds. */
export function expectShapes(messages: readonly Message[]): void {
  for (const message of messages) {
    const fields = FIELDS[message.type];
    expect(fields, `a message type of the contract: ${message.type}`).toBeDefined();
    expect(misfits(message, fields ?? {}), `fields of ${JSON.stringify(message)}`).toEqual([]);
    if (message.type === "artifact_published") {
      expect(misfits(record(message.artifact), ARTIFACT), "fields of the artifact").toEqual([]);
      expect(record(message.artifact)).toHaveProperty("payload");
      expect(record(message.artifact)).toHaveProperty("visibility");
    }
  }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`Not a string: ${JSON.stringify(value)}`);
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`Not a number: ${JSON.stringify(value)}`);
  return value;
}

const splitsPair = (chunk: string): boolean => /^[\udc00-\udfff]|[\ud800-\udbff]$/.test(chunk);

export interface Held {
  /** Units that lie before `text`. */
  readonly from: number;
  readonly text: string;
  readonly complete?: Message;
}

/**
 * What a viewer holds that follows the rules, starting from `held`. Throws where a rule is broken: text before its
 * stream has started, a chunk that does not begin where the text ends, a sequence number that does not grow, a
 * `full_content` that differs from the chunks, a split surrogate pair.
 */
export function follow(messages: readonly Message[], held: ReadonlyMap<string, Held> = new Map()): Map<string, Held> {
  const streams = new Map(held);
  let seq = -1;
  let synced = -1;
  for (const message of messages) {
    if (message.type === "sync_complete") synced = number(message.seq);
    else if (typeof message.seq === "number") {
      if (message.seq <= Math.max(seq, synced)) throw new Error(`seq ${message.seq} after ${Math.max(seq, synced)}`);
      seq = message.seq;
    }
    if (message.type === "stream_started") {
      const id = text(message.stream_id);
      if (!streams.has(id)) streams.set(id, { from: 0, text: "" });
    }
    if (!["stream_chunk", "stream_reset", "stream_complete"].includes(message.type)) continue;
    const id = text(message.stream_id);
    const stream = streams.get(id);
    if (stream === undefined) throw new Error(`${message.type} before stream_started`);
    if (stream.complete !== undefined && message.type !== "stream_complete") throw new Error("text after the end");
    if (message.type === "stream_chunk") {
      const chunk = text(message.chunk);
      if (number(message.offset) !== stream.from + stream.text.length) {
        throw new Error(`a chunk at ${message.offset} where the viewer has ${stream.from + stream.text.length}`);
      }
      if (chunk === "" || splitsPair(chunk)) throw new Error(`a chunk that is empty or splits a pair`);
      streams.set(id, { ...stream, text: stream.text + chunk });
    } else if (message.type === "stream_reset") {
      streams.set(id, { from: number(message.offset), text: text(message.content) });
    } else {
      if (stream.from + stream.text.length !== message.length) {
        throw new Error(`complete at ${message.length} where the viewer has ${stream.from + stream.text.length}`);
      }
      if (typeof message.full_content === "string") {
        const begin = number(message.length) - message.full_content.length;
        const shared = Math.max(begin, stream.from);
        if (stream.text.slice(shared - stream.from) !== message.full_content.slice(shared - begin)) {
          throw new Error("full_content differs from the chunks");
        }
      }
      streams.set(id, { ...stream, complete: message });
    }
  }
  return streams;
}

export const ofType = (messages: readonly Message[], type: string): Message[] =>
  messages.filter((message) => message.type === type);

/** Payloads published of one artifact type, in order. */
export function payloads(messages: readonly Message[], type: string): unknown[] {
  return ofType(messages, "artifact_published")
    .map((message) => record(message.artifact))
    .filter((artifact) => artifact.type === type)
    .map((artifact) => artifact.payload);
}

/** For each activation of the agent, the payloads it consumed. */
export function consumed(messages: readonly Message[], agent: string): unknown[][] {
  const byId = new Map(
    ofType(messages, "artifact_published").map((message) => {
      const artifact = record(message.artifact);
      return [artifact.id, artifact.payload] as const;
    }),
  );
  return ofType(messages, "agent_activated")
    .filter((message) => message.agent_name === agent)
    .map((message) => (Array.isArray(message.consumed_artifacts) ? message.consumed_artifacts : []))
    .map((ids) => ids.map((id) => byId.get(id)));
}
