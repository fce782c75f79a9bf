import type { Duplex } from "node:stream";
import { constants, deflateRawSync, type ZlibOptions } from "node:zlib";
import { WebSocket } from "ws";

/** Frames above this many bytes of payload are compressed. */
export const DEFLATE_THRESHOLD = 1024;
/** From here on the fastest level: 0.9 MB takes 6 ms instead of 37. */
const FAST_DEFLATE_FROM = 64 * 1024;
/** Messages shorter than this on average repeat each other: then a window of a few of them finds what there is. */
const SHORT_MESSAGE = 256;
const EMPTY_BLOCK_TRAILER = 4;
const TEXT = 0x81;
const BINARY = 0x82;
const COMPRESSED = 0x40;

/** A small window costs less to prepare, and its short distances take fewer bits: 5 % of a flush of 100 chunks. */
function deflateOptions(length: number, chunks: number): ZlibOptions {
  return {
    level: length >= FAST_DEFLATE_FROM ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION,
    windowBits: length < chunks * SHORT_MESSAGE ? 11 : 15,
    finishFlush: constants.Z_SYNC_FLUSH,
  };
}

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

/**
 * One server message in the form in which it goes over the wire (RFC 6455, RFC 7692), or several that follow each
 * other. Server frames are not masked, and without context takeover a compressed frame depends on no other, so that
 * these bytes are the same for every viewer: they are made once, when the first one needs them.
 */
export class SharedFrame {
  readonly payloads: readonly Buffer[];
  readonly binary: boolean;
  /** How many chunks of text it carries, for the metrics. */
  readonly chunks: number;
  #plain: Buffer | undefined;
  #deflated: Buffer | undefined;

  constructor(payloads: readonly Buffer[], binary: boolean, chunks = 0) {
    this.payloads = payloads;
    this.binary = binary;
    this.chunks = chunks;
  }

  get plain(): Buffer {
    this.#plain ??= Buffer.concat(this.payloads.flatMap((payload) => this.#plainParts(payload)));
    return this.#plain;
  }

  /** Compressed where that pays, else plain. Only for a connection that negotiated `server_no_context_takeover`. */
  get deflated(): Buffer {
    this.#deflated ??= Buffer.concat(this.payloads.flatMap((payload) => this.#deflatedParts(payload)));
    return this.#deflated;
  }

  #plainParts(payload: Buffer): Buffer[] {
    return [header(this.binary ? BINARY : TEXT, payload.length), payload];
  }

  #deflatedParts(payload: Buffer): Buffer[] {
    if (payload.length <= DEFLATE_THRESHOLD) return this.#plainParts(payload);
    const flushed = deflateRawSync(payload, deflateOptions(payload.length, this.chunks / this.payloads.length));
    const body = flushed.subarray(0, flushed.length - EMPTY_BLOCK_TRAILER);
    if (body.length >= payload.length) return this.#plainParts(payload);
    return [header((this.binary ? BINARY : TEXT) | COMPRESSED, body.length), body];
  }
}

/**
 * Whether a connection can take shared compressed frames, from the `Sec-WebSocket-Extensions` that was agreed on.
 * Shared frames use the full window of 32 KiB: a client that asked for a smaller one gets plain frames.
 */
export function takesSharedDeflate(agreedExtensions: string | undefined): boolean {
  if (!agreedExtensions?.includes("permessage-deflate")) return false;
  if (!/server_no_context_takeover/.test(agreedExtensions)) return false;
  const bits = /server_max_window_bits="?(\d+)/.exec(agreedExtensions)?.[1];
  return bits === undefined || bits === "15";
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
  readonly #deflate: boolean;

  constructor(ws: WebSocket, socket: Duplex | null, deflate: boolean) {
    this.#ws = ws;
    this.#socket = socket;
    this.#deflate = deflate;
  }

  /** Bytes that were handed over and are not with the operating system yet. */
  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? this.#ws.bufferedAmount;
  }

  /** Bytes that went out: 0 once the connection is closing, since nothing may follow a close frame. */
  write(frame: SharedFrame): number {
    if (this.#ws.readyState !== WebSocket.OPEN) return 0;
    const socket = this.#socket;
    if (!socket) return this.#send(frame);
    if (!socket.writable) return 0;
    const bytes = this.#deflate ? frame.deflated : frame.plain;
    socket.write(bytes);
    return bytes.length;
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
