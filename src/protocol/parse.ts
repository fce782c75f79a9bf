/** From unknown values to messages: strict for what viewers send, cheap and lenient for what the server sends. */
import type { z } from "zod";
import type { ErrorCode } from "./errors.js";
import { type ServerMessage, serverMessageSchema, type ViewerMessage, viewerMessageSchema } from "./messages.js";

/** A frame or message that does not fit the protocol. `code` is one of the protocol's table. */
export class ProtocolFault extends Error {
  override readonly name = "ProtocolFault";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const serverTypes: ReadonlySet<unknown> = new Set(serverMessageSchema.options.map((option) => option.shape.type.value));

/** What does not fit, on one line: where, and why. */
export function faultText(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message).replace(/\s+/g, " "))
    .join("; ");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One message from the server, or null where its type is unknown, as the protocol demands of viewers.
 * The two messages of the hot path are checked by hand: a schema per chunk would cost more than the chunk.
 * Throws `ProtocolFault` (`invalid_message`) for a known type of the wrong shape.
 */
export function parseServerMessage(value: unknown): ServerMessage | null {
  if (isStreamText(value)) return value;
  if (!isObject(value) || typeof value.type !== "string") throw invalid("a message is an object with a type");
  if (!serverTypes.has(value.type)) return null;
  const parsed = serverMessageSchema.safeParse(value);
  if (!parsed.success) throw invalid(faultText(parsed.error));
  return parsed.data;
}

type StreamText = Extract<ServerMessage, { type: "stream_chunk" | "stream_progress" }>;

function isStreamText(value: unknown): value is StreamText {
  if (!isObject(value)) return false;
  if (typeof value.stream_id !== "string" || typeof value.timestamp !== "number") return false;
  if (value.type === "stream_chunk")
    return typeof value.chunk === "string" && isUnits(value.offset) && typeof value.agent_name === "string";
  return value.type === "stream_progress" && isUnits(value.length);
}

function isUnits(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A request that names itself and does not fit otherwise: it gets an answer, and the connection goes on. */
export interface MisfitRequest {
  readonly type: "misfit";
  readonly request_id: string;
  /** What does not fit. */
  readonly reason: string;
}

export type InboundMessage = ViewerMessage | MisfitRequest;

/**
 * One message from a viewer. Unknown fields are dropped; an unknown type is a fault.
 * Throws `ProtocolFault` (`invalid_message`) that says what does not fit, unless it is a request that can be answered.
 */
export function parseViewerMessage(value: unknown): InboundMessage {
  const parsed = viewerMessageSchema.safeParse(value);
  if (!parsed.success) return misfit(value, faultText(parsed.error));
  if (parsed.data.type === "publish" && !isJson(parsed.data.payload)) return misfit(value, "payload: not JSON");
  return parsed.data;
}

function misfit(value: unknown, reason: string): MisfitRequest {
  if (!isObject(value) || typeof value.request_id !== "string") throw invalid(reason);
  if (value.type !== "publish" && value.type !== "cancel") throw invalid(reason);
  return { type: "misfit", request_id: value.request_id, reason };
}

/** MessagePack can carry what JSON cannot (dates, bytes, big integers); none of it may reach a payload. */
export function isJson(value: unknown): boolean {
  const open: unknown[] = [value];
  for (let item = open.pop(); open.length > 0 || item !== undefined; item = open.pop()) {
    if (item === null || typeof item === "string" || typeof item === "boolean") continue;
    if (typeof item === "number") {
      if (!Number.isFinite(item)) return false;
    } else if (Array.isArray(item)) {
      if (item.includes(undefined)) return false;
      for (const element of item) open.push(element);
    } else if (isObject(item)) {
      const prototype: unknown = Object.getPrototypeOf(item);
      if (prototype !== Object.prototype && prototype !== null) return false;
      for (const element of Object.values(item)) {
        if (element === undefined) return false;
        open.push(element);
      }
    } else return false;
  }
  return value !== undefined;
}

function invalid(message: string): ProtocolFault {
  return new ProtocolFault("invalid_message", message);
}
