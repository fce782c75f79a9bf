/**
 * How messages become frames. JSON: a text frame is one message. MessagePack: a binary frame is an array of messages,
 * one frame a flush. A codec also serves as the relay's frame encoder.
 */
import { Packr } from "msgpackr/pack";
import type { ServerMessage, ViewerMessage } from "./messages.js";
import { type InboundMessage, ProtocolFault, parseServerMessage, parseViewerMessage } from "./parse.js";

export interface Codec<Frame> {
  readonly id: "json" | "msgpack";
  /** Whether `stream_complete.full_content` may be left out for a viewer that has received every unit. */
  readonly mayOmitFullContent: boolean;
  /** The server's frames for these messages. Each frame owns its memory. */
  encode(messages: readonly ServerMessage[]): readonly Frame[];
  encodeViewer(message: ViewerMessage): Frame;
  /** The raw values of a frame. Throws `ProtocolFault` (`invalid_message`) if it is not of this codec. */
  decode(frame: Frame): readonly unknown[];
}

export const jsonCodec: Codec<string> = {
  id: "json",
  mayOmitFullContent: false,
  encode: (messages) => messages.map((message) => JSON.stringify(message)),
  encodeViewer: (message) => JSON.stringify(message),
  decode(frame) {
    try {
      return [JSON.parse(frame)];
    } catch {
      throw new ProtocolFault("invalid_message", "the frame is not JSON");
    }
  },
};

const packrOptions = {
  useRecords: false,
  mapsAsObjects: true,
  moreTypes: false,
  int64AsType: "number" as const,
  copyBuffers: true,
  // As JSON does: an absent field and an undefined one are the same.
  skipValues: [undefined],
};
const packr = new Packr(packrOptions);

/** msgpackr packs into a larger pool: a view of it must not leave, or the whole pool travels with it. */
function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(packr.pack(value));
}

export const msgpackCodec: Codec<Uint8Array<ArrayBuffer>> = {
  id: "msgpack",
  mayOmitFullContent: true,
  encode: (messages) => (messages.length === 0 ? [] : [pack(messages)]),
  encodeViewer: (message) => pack([message]),
  decode(frame) {
    let values: unknown;
    try {
      values = packr.unpack(frame);
    } catch {
      throw new ProtocolFault("invalid_message", "the frame is not MessagePack");
    }
    if (!Array.isArray(values)) throw new ProtocolFault("invalid_message", "the frame is not an array of messages");
    return values;
  },
};

/** What a server's frame says; unknown types are left out. Throws `ProtocolFault` where it does not fit the protocol. */
export function decodeServerFrame<Frame>(codec: Codec<Frame>, frame: Frame): ServerMessage[] {
  const messages: ServerMessage[] = [];
  for (const value of codec.decode(frame)) {
    const message = parseServerMessage(value);
    if (message !== null) messages.push(message);
  }
  return messages;
}

/** What a viewer's frame says. Throws `ProtocolFault` where it does not fit the protocol. */
export function decodeViewerFrame<Frame>(codec: Codec<Frame>, frame: Frame): InboundMessage[] {
  return codec.decode(frame).map(parseViewerMessage);
}
