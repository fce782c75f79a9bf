import type { WebSocket } from "ws";
import type { Clock } from "../../relay/types.js";

/** Pings a connection, and cuts it when a pong stays away: its peer is gone or does not read. */
export function startHeartbeat(ws: WebSocket, clock: Clock, intervalMs: number, pongTimeoutMs: number): () => void {
  let timer: unknown;
  let waiting = false;

  function schedulePing(): void {
    timer = clock.setTimeout(ping, intervalMs);
  }
  function ping(): void {
    waiting = true;
    ws.ping();
    timer = clock.setTimeout(() => ws.terminate(), pongTimeoutMs);
  }
  ws.on("pong", () => {
    if (!waiting) return;
    waiting = false;
    clock.clearTimeout(timer);
    schedulePing();
  });
  schedulePing();
  return () => {
    waiting = false;
    clock.clearTimeout(timer);
  };
}
