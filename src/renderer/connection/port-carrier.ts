import type { Carrier, Incoming, Outgoing } from "./carrier.js";

interface PortMessage {
  readonly type: "flockdeck:port";
}

function isPortMessage(data: unknown): data is PortMessage {
  return typeof data === "object" && data !== null && "type" in data && data.type === "flockdeck:port";
}

/** Wraps the window's MessagePort. Arrays come in, single messages go out, both by structured clone. */
export function portCarrier(port: MessagePort): Carrier {
  const closeListeners = new Set<(reason: { code: number; reason: string }) => void>();
  let open = true;
  const end = (code: number, reason: string) => {
    if (!open) return;
    open = false;
    port.close();
    for (const listener of closeListeners) listener({ code, reason });
  };
  port.addEventListener("close", () => end(1001, "The app closed the channel"));
  return {
    send(message: Outgoing) {
      if (open) port.postMessage(message);
    },
    onMessage(listener) {
      const handle = (event: MessageEvent<unknown>) => {
        if (Array.isArray(event.data)) listener(event.data as readonly Incoming[]);
      };
      port.addEventListener("message", handle);
      port.start();
      return () => port.removeEventListener("message", handle);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close: (code = 1000, reason = "") => end(code, reason),
  };
}

/**
 * Waits for the preload's port. The page asks first (`flockdeck:ready`), so that either side may start earlier.
 * A later port replaces the one before: the old carrier closes, and opening again yields the new one.
 */
export function openPortCarrier(target: Window = window): () => Promise<Carrier> {
  let waiting: ((carrier: Carrier) => void) | undefined;
  let arrived: Carrier | undefined;
  let current: Carrier | undefined;
  target.addEventListener("message", (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (event.source !== target || port === undefined || !isPortMessage(event.data)) return;
    const carrier = portCarrier(port);
    const previous = current;
    current = carrier;
    arrived = carrier;
    previous?.close(1001, "The app opened a new channel");
    if (waiting !== undefined) {
      waiting(carrier);
      waiting = undefined;
      arrived = undefined;
    }
  });
  target.postMessage({ type: "flockdeck:ready" }, "/");
  return () =>
    new Promise<Carrier>((resolve) => {
      if (arrived !== undefined) {
        const carrier = arrived;
        arrived = undefined;
        resolve(carrier);
      } else waiting = resolve;
    });
}
