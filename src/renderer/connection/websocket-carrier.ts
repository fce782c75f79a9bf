import { decodeServerFrame, msgpackCodec } from "../../protocol/codec.js";
import { type Carrier, CarrierError, type OpenCarrier, type Outgoing } from "./carrier.js";

const SUBPROTOCOL = "flockdeck.v1.msgpack";

/** The address of the viewers' endpoint on the server that served this page. */
export function websocketUrl(location: Pick<Location, "protocol" | "host">): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`;
}

/** Whether the cookie still opens the door: a browser does not tell a page why an upgrade was refused. */
async function isSignedOut(request: typeof fetch, signal: AbortSignal): Promise<boolean> {
  try {
    return (await request("/api/v1/agents?limit=1", { credentials: "same-origin", signal })).status === 401;
  } catch {
    return false;
  }
}

function carrierOf(socket: WebSocket): Carrier {
  return {
    send(message: Outgoing) {
      if (socket.readyState !== WebSocket.OPEN || message.type === "desktop_request") return;
      socket.send(msgpackCodec.encodeViewer(message));
    },
    onMessage(listener) {
      const handle = (event: MessageEvent<unknown>) => {
        if (!(event.data instanceof ArrayBuffer)) return;
        try {
          listener(decodeServerFrame(msgpackCodec, new Uint8Array(event.data)));
        } catch (error) {
          console.error("A frame does not fit the protocol; attaching anew.", error);
          socket.close(4000, "A frame does not fit the protocol");
        }
      };
      socket.addEventListener("message", handle);
      return () => socket.removeEventListener("message", handle);
    },
    onClose(listener) {
      const handle = (event: CloseEvent) => listener({ code: event.code, reason: event.reason });
      socket.addEventListener("close", handle);
      return () => socket.removeEventListener("close", handle);
    },
    close: (code = 1000, reason = "") => socket.close(code, reason),
  };
}

export interface WebSocketOptions {
  readonly url: string;
  /** Done before the first connection: trades the link's token for a cookie. */
  readonly signIn: (signal: AbortSignal) => Promise<void>;
  readonly request?: typeof fetch;
}

export function openWebSocketCarrier({ url, signIn, request = fetch }: WebSocketOptions): OpenCarrier {
  let signedIn = false;
  return async (signal) => {
    if (!signedIn) {
      await signIn(signal);
      signedIn = true;
    }
    signal.throwIfAborted();
    const socket = new WebSocket(url, SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    // One that hangs keeps a browser from opening the next one to the same server.
    const giveUp = () => socket.close(4000, "Given up");
    signal.addEventListener("abort", giveUp, { once: true });
    const opened = await new Promise<boolean>((resolve) => {
      socket.addEventListener("open", () => resolve(true), { once: true });
      socket.addEventListener("close", () => resolve(false), { once: true });
    });
    signal.removeEventListener("abort", giveUp);
    if (opened) return carrierOf(socket);
    if (await isSignedOut((input, init) => request(input, init), signal)) {
      throw new CarrierError(4401, "This link is no longer valid, or was never opened here. Ask its owner for a link.");
    }
    throw new CarrierError(1006, "The server cannot be reached.");
  };
}
