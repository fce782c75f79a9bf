import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { ERRORS, ProtocolFault, type Role } from "../../protocol/index.js";
import type { Clock, Hub, ViewerSink } from "../../relay/index.js";
import { isShallow } from "../../runtime/service.js";
import type { ServerLogger } from "../backend.js";
import type { ServerLimits } from "../limits.js";
import type { ServerMetrics } from "../metrics.js";

import { TokenBucket } from "../token-bucket.js";
import type { Connection, ViewerRegistry } from "../viewer-registry.js";
import type { Subprotocol } from "./frame-encoders.js";
import { startHeartbeat } from "./heartbeat.js";
import { FrameWriter, type SharedDeflate, type SharedFrame } from "./shared-frame.js";

/** What every WebSocket viewer of a server shares. */
export interface WebSocketHost {
  readonly hub: Hub;
  readonly registry: ViewerRegistry;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  readonly logger: ServerLogger;
  readonly metrics: ServerMetrics;
}

export interface AcceptedSocket {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly subprotocol: Subprotocol;
  readonly deflate: SharedDeflate;
  readonly role: Role;
  readonly address: string;
  readonly sessionId: string | undefined;
}

const LONGEST_REASON = 123;

/** A close reason is at most 123 bytes of UTF-8. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= LONGEST_REASON
    ? text
    : bytes
        .subarray(0, LONGEST_REASON)
        .toString("utf8")
        .replace(/\uFFFD$/, "");
}

/** Joins one accepted WebSocket to the hub, and holds it to the protocol's limits. */
export function serveWebSocketViewer(host: WebSocketHost, accepted: AcceptedSocket): void {
  const { ws, socket, subprotocol, role, address } = accepted;
  const { hub, registry, limits, clock, logger, metrics } = host;
  const writer = new FrameWriter(ws, socket, accepted.deflate);
  const sent = metrics.sentBy("websocket");
  const bucket = new TokenBucket(clock, limits.messagesPerSecond, limits.messageBurst);

  const sink: ViewerSink<SharedFrame> = {
    encoder: subprotocol.encoder,
    send(frame) {
      sent.bytes += writer.write(frame);
      sent.chunks += frame.chunks;
    },
    get bufferedBytes() {
      return writer.bufferedBytes;
    },
    close: (code, reason) => ws.close(code, closeReason(reason)),
  };

  const stopHeartbeat = startHeartbeat(ws, clock, limits.pingIntervalMs, limits.pongTimeoutMs);
  const viewer = hub.addViewer(sink, { role, carrier: "websocket", address });
  const connection: Connection = {
    viewer,
    sessionId: accepted.sessionId,
    get isOpen() {
      return ws.readyState === ws.OPEN;
    },
    end: (code, reason) => ws.close(code, closeReason(reason)),
    cut: () => ws.terminate(),
  };
  registry.add(connection);

  const onDrain = () => viewer.drained();
  socket.on("drain", onDrain);
  ws.on("message", (data: RawData, isBinary) => {
    if (ws.readyState !== ws.OPEN) return;
    try {
      if (isBinary !== subprotocol.binary) {
        throw new ProtocolFault("invalid_message", `${subprotocol.name} takes ${isBinary ? "text" : "binary"} frames`);
      }
      for (const message of subprotocol.decode(toBuffer(data))) {
        if (!bucket.take()) throw new ProtocolFault("too_many_messages", ERRORS.too_many_messages.title);
        if (!isShallow(message)) throw new ProtocolFault("invalid_message", "The message nests too deep");
        viewer.receive(message);
        if (ws.readyState !== ws.OPEN) return;
      }
    } catch (fault) {
      const code = fault instanceof ProtocolFault && fault.code === "too_many_messages" ? 4429 : 1008;
      logger.info({ viewer: viewer.id, address, code }, "closing a viewer that broke the protocol");
      ws.close(code, closeReason(code === 4429 ? ERRORS.too_many_messages.title : ERRORS.invalid_message.title));
    }
  });
  ws.on("error", (error) => logger.info({ viewer: viewer.id, address, error: error.message }, "connection broke"));
  ws.on("close", (code) => {
    stopHeartbeat();
    socket.off("drain", onDrain);
    registry.remove(connection);
    logger.info({ viewer: viewer.id, address, code }, "viewer left");
  });
  logger.info({ viewer: viewer.id, address, role, subprotocol: subprotocol.name }, "viewer joined");
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
