import { jsonCodec, type ServerMessage } from "../../protocol/index.js";
import type { FrameEncoder } from "../../relay/types.js";
import type { OnEncode } from "../websocket/frame-encoders.js";

/** What a message does to the place from which a viewer can resume. */
export interface Progress {
  readonly seq?: number;
  readonly stream?: string;
  /** Where the stream's text is after this message. */
  readonly offset?: number;
  /** The stream begins, or is told of anew: whoever is further on stays there. */
  readonly opens?: boolean;
  /** The stream is closed: once its `seq` is known, its offset is no longer needed. */
  readonly closes?: boolean;
}

/** One message as the `data` line of an event, shared by all viewers in step; each puts its own `id` before it. */
export interface SseFrame {
  readonly data: Buffer;
  readonly progress: Progress;
  readonly chunks: number;
}

export function progressOf(message: ServerMessage): Progress {
  switch (message.type) {
    case "stream_started":
      return { seq: message.seq, stream: message.stream_id, offset: 0, opens: true };
    case "stream_chunk":
      return { stream: message.stream_id, offset: message.offset + message.chunk.length };
    case "stream_reset":
      return { stream: message.stream_id, offset: message.offset + message.content.length };
    case "stream_complete":
      return { seq: message.seq, stream: message.stream_id, offset: message.length, closes: true };
    default:
      return "seq" in message ? { seq: message.seq } : {};
  }
}

function toFrame(message: ServerMessage): SseFrame {
  return {
    data: Buffer.from(
      jsonCodec
        .encode([message])
        .map((text) => `data: ${text}\n\n`)
        .join(""),
    ),
    progress: progressOf(message),
    chunks: message.type === "stream_chunk" ? 1 : 0,
  };
}

export function createSseEncoder(onEncode: OnEncode): FrameEncoder<SseFrame> {
  return {
    id: "sse",
    mayOmitFullContent: false,
    encode(messages) {
      const frames = messages.map(toFrame);
      onEncode("sse", frames.length);
      return frames;
    },
  };
}
