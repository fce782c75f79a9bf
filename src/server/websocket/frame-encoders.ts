import {
  decodeViewerFrame,
  type InboundMessage,
  jsonCodec,
  msgpackCodec,
  type ServerMessage,
} from "../../protocol/index.js";
import type { FrameEncoder } from "../../relay/types.js";
import { SharedFrame } from "./shared-frame.js";

export const JSON_PROTOCOL = "flockdeck.v1.json";
export const MSGPACK_PROTOCOL = "flockdeck.v1.msgpack";

/** A WebSocket subprotocol: how messages become frames and frames messages. */
export interface Subprotocol {
  readonly name: string;
  readonly binary: boolean;
  readonly encoder: FrameEncoder<SharedFrame>;
  /** Throws `ProtocolFault`. */
  decode(data: Buffer): InboundMessage[];
}

/** Called once per encoding, which the hub does once per flush for all viewers in step. */
export type OnEncode = (codec: string, frames: number) => void;

function chunksIn(messages: readonly ServerMessage[]): number {
  let chunks = 0;
  for (const message of messages) if (message.type === "stream_chunk") chunks += 1;
  return chunks;
}

/** A lone map, without the array around it: MessagePack's fixmap, map 16 and map 32. */
function isLoneMap(data: Buffer): boolean {
  const first = data[0];
  return first !== undefined && ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf);
}

const ARRAY_OF_ONE = Buffer.from([0x91]);

export function createSubprotocols(onEncode: OnEncode): ReadonlyMap<string, Subprotocol> {
  const json: Subprotocol = {
    name: JSON_PROTOCOL,
    binary: false,
    encoder: {
      id: "websocket.json",
      mayOmitFullContent: jsonCodec.mayOmitFullContent,
      encode(messages) {
        onEncode("json", messages.length);
        const payloads = jsonCodec.encode(messages).map((text) => Buffer.from(text));
        return [new SharedFrame(payloads, false, chunksIn(messages))];
      },
    },
    decode: (data) => decodeViewerFrame(jsonCodec, data.toString("utf8")),
  };
  const msgpack: Subprotocol = {
    name: MSGPACK_PROTOCOL,
    binary: true,
    encoder: {
      id: "websocket.msgpack",
      mayOmitFullContent: msgpackCodec.mayOmitFullContent,
      encode(messages, previous) {
        const payloads = msgpackCodec
          .encode(messages)
          .map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
        onEncode("msgpack", payloads.length);
        return [new SharedFrame(payloads, true, chunksIn(messages), previous?.[0] ?? null)];
      },
    },
    decode: (data) =>
      decodeViewerFrame(msgpackCodec, new Uint8Array(isLoneMap(data) ? Buffer.concat([ARRAY_OF_ONE, data]) : data)),
  };
  return new Map([
    [JSON_PROTOCOL, json],
    [MSGPACK_PROTOCOL, msgpack],
  ]);
}
