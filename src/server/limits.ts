/** Every number that PROTOCOL.md gives for WebSocket and HTTP. */
export interface ServerLimits {
  /** An inbound frame or request body. */
  readonly maxFrameBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  /** How long a closing handshake may take before the socket is cut. */
  readonly closeTimeoutMs: number;
  /** A request's headers, and the whole request. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Events per SSE connection whose `id` can be resumed from exactly. */
  readonly sseReplayEvents: number;
  /** How long after a connection ended its ids can be resumed from. */
  readonly sseReplayMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  maxFrameBytes: 64 * 1024,
  messagesPerSecond: 50,
  messageBurst: 100,
  pingIntervalMs: 25_000,
  pongTimeoutMs: 8_000,
  closeTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  sseReplayEvents: 16_384,
  sseReplayMs: 300_000,
};

export const DEFAULT_MAX_VIEWERS = 64;
