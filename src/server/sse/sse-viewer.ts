import type { IncomingMessage, ServerResponse } from "node:http";
import type { Role } from "../../protocol/index.js";
import type { Clock, FrameEncoder, Hub, ViewerSink } from "../../relay/index.js";
import type { ServerLogger } from "../backend.js";
import type { ServerLimits } from "../limits.js";
import type { ServerMetrics } from "../metrics.js";
import type { Connection, ViewerRegistry } from "../viewer-registry.js";
import { formatEventId, type Replay } from "./replay.js";
import type { SseFrame } from "./sse-frame.js";

export interface SseHost {
  readonly hub: Hub;
  readonly registry: ViewerRegistry;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  readonly logger: ServerLogger;
  readonly metrics: ServerMetrics;
  readonly replay: Replay;
  readonly encoder: FrameEncoder<SseFrame>;
}

export interface SseRequest {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly role: Role;
  readonly address: string;
  readonly sessionId: string | undefined;
}

/** Why the stream of events ends, told as a comment, since SSE has no close code. */
function farewell(code: number, reason: string): string {
  return `: closed ${code} ${reason.replace(/[\r\n]/g, " ")}\n\n`;
}

/** Joins one SSE response to the hub. A browser resumes by itself with the id of the last event it took. */
export function serveSseViewer(host: SseHost, request: SseRequest): void {
  const { hub, registry, limits, clock, logger, metrics, replay } = host;
  const { incoming, outgoing, role, address } = request;
  const session = replay.open(single(incoming.headers["last-event-id"]));
  let isCorked = false;
  const { socket } = incoming;

  /** Everything of one turn becomes one write. */
  function write(bytes: Buffer | string): void {
    if (outgoing.writableEnded || outgoing.destroyed) return;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    outgoing.write(bytes);
  }
  function end(code: number, reason: string): void {
    write(farewell(code, reason));
    outgoing.end();
  }

  const sent = metrics.sentBy("sse");
  const sink: ViewerSink<SseFrame> = {
    encoder: host.encoder,
    send(frame) {
      if (outgoing.writableEnded || outgoing.destroyed) return;
      const event = session.journal.push(frame.progress);
      const id = `id: ${formatEventId({ session: session.id, event })}\n`;
      write(id);
      write(frame.data);
      sent.bytes += id.length + frame.data.length;
      sent.chunks += frame.chunks;
    },
    get bufferedBytes() {
      return outgoing.writableLength;
    },
    close: end,
  };

  outgoing.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  outgoing.flushHeaders();
  socket.setTimeout(0);
  socket.setNoDelay(true);
  let heartbeat = clock.setTimeout(beat, limits.pingIntervalMs);
  let takenBefore = 0;
  /** Whoever took nothing since the last beat, which had a ping or text for it, does not read: it gives up its place. */
  function beat(): void {
    const taken = socket.bytesWritten - socket.writableLength;
    if (outgoing.writableLength === 0) write(": ping\n\n");
    else if (taken <= takenBefore) {
      logger.info({ viewer: viewer.id, address }, "cutting a viewer that does not read");
      outgoing.destroy();
      return;
    }
    takenBefore = taken;
    heartbeat = clock.setTimeout(beat, limits.pingIntervalMs);
  }

  const viewer = hub.addViewer(sink, { role, carrier: "sse", address });
  const connection: Connection = {
    viewer,
    sessionId: request.sessionId,
    get isOpen() {
      return !outgoing.writableEnded && !outgoing.destroyed;
    },
    end,
    cut: () => outgoing.destroy(),
  };
  registry.add(connection);
  const onDrain = () => viewer.drained();
  socket.on("drain", onDrain);
  outgoing.on("error", () => outgoing.destroy());
  outgoing.on("close", () => {
    clock.clearTimeout(heartbeat);
    socket.off("drain", onDrain);
    session.ended();
    registry.remove(connection);
    logger.info({ viewer: viewer.id, address }, "viewer left");
  });
  logger.info({ viewer: viewer.id, address, role, subprotocol: "sse" }, "viewer joined");
  viewer.receive(session.attach);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
