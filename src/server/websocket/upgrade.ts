import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { ERRORS, type ErrorCode, type Role } from "../../protocol/index.js";
import { pathOf } from "../access/access-request.js";
import type { AccessDecision } from "../access/decide.js";
import { type Gate, remoteAddress } from "../access/gate.js";
import { rawProblem } from "../http/raw-problem.js";
import { createSubprotocols, JSON_PROTOCOL, type OnEncode, type Subprotocol } from "./frame-encoders.js";
import { DEFLATE_THRESHOLD, sharedDeflate } from "./shared-frame.js";
import { closeReason, serveWebSocketViewer, type WebSocketHost } from "./websocket-viewer.js";

export const WEBSOCKET_PATH = "/ws";

export interface UpgradeOptions extends WebSocketHost {
  readonly gate: Gate;
  readonly isDraining: () => boolean;
  readonly onEncode: OnEncode;
}

export interface UpgradeHandler {
  handle(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts every connection, also those that are only waiting for a closing handshake. */
  cut(): void;
}

/**
 * Opens WebSockets. A foreign Host or Origin is refused as HTTP, with 421 or 403. A missing or wrong token, and one
 * viewer too many, are told after the handshake, with 4401 and 1013, because a browser's page sees close codes only.
 */
export function createUpgradeHandler(options: UpgradeOptions): UpgradeHandler {
  const { gate, registry, limits, logger } = options;
  const subprotocols = createSubprotocols(options.onEncode);
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxFrameBytes,
    perMessageDeflate: {
      clientNoContextTakeover: true,
      threshold: DEFLATE_THRESHOLD,
    },
    handleProtocols: (offered) => [...offered].find((name) => subprotocols.has(name)) ?? false,
    ...closeTimeout(limits.closeTimeoutMs),
  });
  const agreedExtensions = new WeakMap<IncomingMessage, string>();
  wss.on("headers", (headers, incoming) => {
    const line = headers.find((header) => header.toLowerCase().startsWith("sec-websocket-extensions:"));
    if (line) agreedExtensions.set(incoming, line);
  });
  wss.on("wsClientError", (_error, socket) => {
    rawProblem(socket, "invalid_request", "This is not a WebSocket handshake.");
  });

  function closeAfterHandshake(ws: WebSocket, code: ErrorCode, detail: string): void {
    const kind = ERRORS[code];
    ws.on("error", () => ws.terminate());
    ws.close("close" in kind ? kind.close : ERRORS.unauthenticated.close, closeReason(detail));
  }

  function open(incoming: IncomingMessage, socket: Duplex, ws: WebSocket, decision: AccessDecision): void {
    if (!decision.allowed) {
      closeAfterHandshake(ws, decision.code, decision.detail);
      return;
    }
    if (registry.isFull) {
      closeAfterHandshake(ws, "too_many_viewers", `${registry.maxViewers} viewers are connected already.`);
      return;
    }
    const credential = gate.credential(incoming, true);
    serveWebSocketViewer(options, {
      ws,
      socket,
      subprotocol: chosen(ws),
      deflate: sharedDeflate(agreedExtensions.get(incoming)),
      role: decision.role ?? ("watch" satisfies Role),
      address: remoteAddress(incoming),
      sessionId: credential.kind === "session" ? credential.id : undefined,
    });
  }

  function chosen(ws: WebSocket): Subprotocol {
    const subprotocol = subprotocols.get(ws.protocol) ?? subprotocols.get(JSON_PROTOCOL);
    if (!subprotocol) throw new Error("The JSON subprotocol is missing");
    return subprotocol;
  }

  /** Why the handshake is refused as HTTP; null where it goes on, if only to be closed with a code. */
  function refusal(incoming: IncomingMessage, decision: AccessDecision): { code: ErrorCode; detail: string } | null {
    if (options.isDraining()) return { code: "shutting_down", detail: ERRORS.shutting_down.title };
    if (!decision.allowed && !isToldAfterHandshake(decision.code)) return decision;
    if (pathOf(incoming) !== WEBSOCKET_PATH) return { code: "not_found", detail: `WebSocket is at ${WEBSOCKET_PATH}.` };
    return null;
  }

  return {
    handle(incoming, socket, head) {
      socket.on("error", () => socket.destroy());
      const decision = gate.decide(incoming, "watch", true);
      if (!decision.allowed) {
        logger.warn({ address: remoteAddress(incoming), code: decision.code }, "refused a WebSocket");
      }
      const refused = refusal(incoming, decision);
      if (refused) rawProblem(socket, refused.code, refused.detail);
      else wss.handleUpgrade(incoming, socket, head, (ws) => open(incoming, socket, ws, decision));
    },
    cut() {
      for (const ws of wss.clients) ws.terminate();
      wss.close();
    },
  };
}

function isToldAfterHandshake(code: ErrorCode): boolean {
  return code === "unauthenticated" || code === "too_many_attempts";
}

/** Known to `ws` since 8.19 and not yet to its types. */
function closeTimeout(ms: number): object {
  return { closeTimeout: ms };
}
