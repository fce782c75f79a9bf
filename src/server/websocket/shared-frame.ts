import type { Duplex } from "node:stream";
import { constants, deflateRawSync } from "node:zlib";
import { WebSocket } from "ws";

/** Frames above this many bytes of payload are compressed. */
export const DEFLATE_THRESHOLD = 1024;
/** From here on the fastest level: 0.9 MB takes 6 ms instead of 37. */
const FAST_DEFLATE_FROM = 64 * 1024;
/** Deflate looks back no further. */
const WINDOW_BYTES = 32 * 1024;
const EMPTY_BLOCK_TRAILER = 4;
const TEXT = 0x81;
const BINARY = 0x82;
const COMPRESSED = 0x40;

function header(firstByte: number, length: number): Buffer {
  if (length < 126) return Buffer.from([firstByte, length]);
  if (length < 65_536) {
    const bytes = Buffer.from([firstByte, 126, 0, 0]);
    bytes.writeUInt16BE(length, 2);
    return bytes;
  }
  const bytes = Buffer.alloc(10);
  bytes[0] = firstByte;
  bytes[1] = 127;
  bytes.writeUIntBE(length, 4, 6);
  return bytes;
}

interface WireBytes {
  readonly bytes: Buffer;
  /** Whether any of it is compressed: only then does it become what the client's inflater looks back on. */
  readonly compressed: boolean;
}

/**
 * One server message in the form in which it goes over the wire (RFC 6455, RFC 7692), or several that follow each
 * other. Server frames are not masked, so that these bytes are the same for every viewer: they are made once, when the
 * first one needs them. Compressed, they depend on nothing, or on the one frame before.
 */
export class SharedFrame {
  static #made = 0;
  /** New in this process. What is kept of a frame on each connection: a replay's bytes must not stay with its viewer. */
  readonly number: number;
  readonly payloads: readonly Buffer[];
  readonly binary: boolean;
  /** How many chunks of text it carries, for the metrics. */
  readonly chunks: number;
  #previous: SharedFrame | null;
  #plain: Buffer | undefined;
  #alone: WireBytes | undefined;
  #afterPrevious: WireBytes | undefined;

  /** `previous`: the frame that most of its viewers were given last; it forgets its own. */
  constructor(payloads: readonly Buffer[], binary: boolean, chunks = 0, previous: SharedFrame | null = null) {
    SharedFrame.#made += 1;
    this.number = SharedFrame.#made;
    this.payloads = payloads;
    this.binary = binary;
    this.chunks = chunks;
    this.#previous = previous;
    if (previous !== null) previous.#previous = null;
  }

  get plain(): Buffer {
    this.#plain ??= Buffer.concat(this.payloads.flatMap((payload) => this.#plainParts(payload)));
    return this.#plain;
  }

  /** Compressed where that pays, else plain. For any connection that agreed on compression with the full window. */
  get alone(): WireBytes {
    this.#alone ??= this.#compress();
    return this.#alone;
  }

  /**
   * The same, for a connection whose client keeps its inflater between messages. `last` is the number of the last
   * frame that was written to it with anything compressed in it. If that is the one before this one, whose single payload its inflater
   * then ends with, these bytes point back into it.
   */
  after(last: number): WireBytes {
    const previous = this.#previous;
    if (previous === null || previous.number !== last || !previous.#isSingle || !this.#isSingle) return this.alone;
    this.#afterPrevious ??= this.#compress(previous.payloads[0]?.subarray(-WINDOW_BYTES));
    return this.#afterPrevious;
  }

  get #isSingle(): boolean {
    return this.payloads.length === 1;
  }

  #plainParts(payload: Buffer): Buffer[] {
    return [header(this.binary ? BINARY : TEXT, payload.length), payload];
  }

  #compress(dictionary?: Buffer): WireBytes {
    let compressed = false;
    const parts = this.payloads.flatMap((payload) => {
      if (payload.length <= DEFLATE_THRESHOLD) return this.#plainParts(payload);
      const level = payload.length >= FAST_DEFLATE_FROM ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION;
      const flushed = deflateRawSync(payload, {
        level,
        finishFlush: constants.Z_SYNC_FLUSH,
        ...(dictionary && { dictionary }),
      });
      const body = flushed.subarray(0, flushed.length - EMPTY_BLOCK_TRAILER);
      if (body.length >= payload.length) return this.#plainParts(payload);
      compressed = true;
      return [header((this.binary ? BINARY : TEXT) | COMPRESSED, body.length), body];
    });
    return { bytes: Buffer.concat(parts), compressed };
  }
}

/** How a connection takes compressed frames: not at all, each for itself, or with the one before in mind. */
export type SharedDeflate = "none" | "alone" | "chained";

/**
 * From the `Sec-WebSocket-Extensions` that was agreed on. Shared frames use the full window of 32 KiB: a client that
 * asked for a smaller one gets plain frames.
 */
export function sharedDeflate(agreedExtensions: string | undefined): SharedDeflate {
  if (!agreedExtensions?.includes("permessage-deflate")) return "none";
  const bits = /server_max_window_bits="?(\d+)/.exec(agreedExtensions)?.[1];
  if (bits !== undefined && bits !== "15") return "none";
  return /server_no_context_takeover/.test(agreedExtensions) ? "alone" : "chained";
}

/**
 * Writes shared frames to one connection's raw socket.
 *
 * Safe beside `ws`'s own sender as long as nobody calls `send` on this connection with compression: pings, pongs and
 * closes are then written by `ws` at once, in the same order, and never wait behind an unfinished deflate. Without a
 * raw socket it falls back to `send`, uncompressed.
 */
export class FrameWriter {
  readonly #ws: WebSocket;
  readonly #socket: Duplex | null;
  readonly #deflate: SharedDeflate;
  /** The number of the last frame with anything compressed in it: what the client's inflater ends with. 0 before any. */
  #last = 0;
  /** The last write went into a buffer that was above its high-water mark. */
  #isBuffering = false;

  constructor(ws: WebSocket, socket: Duplex | null, deflate: SharedDeflate) {
    this.#ws = ws;
    this.#socket = socket;
    this.#deflate = deflate;
  }

  /** Bytes that were handed over and are not with the operating system yet; 0 below the socket's high-water mark. */
  get bufferedBytes(): number {
    if (this.#socket === null) return this.#ws.bufferedAmount;
    return this.#isBuffering ? this.#socket.writableLength : 0;
  }

  /** Bytes that went out: 0 once the connection is closing, since nothing may follow a close frame. */
  write(frame: SharedFrame): number {
    if (this.#ws.readyState !== WebSocket.OPEN) return 0;
    const socket = this.#socket;
    if (!socket) return this.#send(frame);
    if (!socket.writable) return 0;
    const bytes = this.#deflate === "none" ? frame.plain : this.#compressed(frame);
    this.#isBuffering = !socket.write(bytes);
    return bytes.length;
  }

  #compressed(frame: SharedFrame): Buffer {
    const { bytes, compressed } = this.#deflate === "chained" ? frame.after(this.#last) : frame.alone;
    if (compressed) this.#last = frame.number;
    return bytes;
  }

  #send(frame: SharedFrame): number {
    let sent = 0;
    for (const payload of frame.payloads) {
      this.#ws.send(payload, { binary: frame.binary, compress: false });
      sent += payload.length;
    }
    return sent;
  }
}
