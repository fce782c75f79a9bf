import { once } from "node:events";
import { WebSocket } from "ws";
import {
  type Codec,
  decodeServerFrame,
  jsonCodec,
  msgpackCodec,
  type Role,
  type ServerMessage,
} from "../../protocol/index.js";
import { type Carrier, type CarrierLink, conformanceSuite } from "../../relay/conformance.testing.js";
import { startServer } from "../server.js";
import { bearer, CONTROL, WATCH } from "../server.testing.js";

type Frame = string | Uint8Array<ArrayBuffer>;

/** A standard client. What arrives before somebody listens waits. */
function linkOf<F extends Frame>(ws: WebSocket, codec: Codec<F>, toFrame: (data: Buffer) => F): CarrierLink {
  let listener: ((messages: ServerMessage[]) => void) | null = null;
  const waiting: ServerMessage[][] = [];
  ws.on("error", () => {});
  ws.on("message", (data: Buffer) => {
    const messages = decodeServerFrame(codec, toFrame(data));
    if (listener) listener(messages);
    else waiting.push(messages);
  });
  return {
    send: (message) => {
      if (ws.readyState === ws.OPEN) ws.send(codec.encodeViewer(message));
    },
    onMessage: (added) => {
      listener = added;
      for (const messages of waiting.splice(0)) added(messages);
      return () => {
        listener = null;
      };
    },
    onClose: (added) => {
      const tell = (code: number, reason: Buffer) => added({ code, reason: reason.toString() });
      ws.on("close", tell);
      return () => ws.off("close", tell);
    },
    close: (code) => ws.close(code ?? 1000),
    stall: () => ws.pause(),
    resume: () => ws.resume(),
  };
}

function webSocketCarrier<F extends Frame>(codec: Codec<F>, toFrame: (data: Buffer) => F, compress: boolean): Carrier {
  return {
    name: `WebSocket, ${codec.id}, ${compress ? "compressed" : "plain"}`,
    mayOmitFullContent: codec.mayOmitFullContent,
    runs: 25,
    async open(hub) {
      const server = await startServer({
        backend: { hub, runtimeMode: "test", agents: [], handleCommand: async () => ({ ok: true }) },
        host: "127.0.0.1",
        port: 0,
        watchToken: WATCH,
        controlToken: CONTROL,
        dashboard: false,
        version: "0",
        limits: { messagesPerSecond: 1e9, messageBurst: 1e9 },
      });
      return {
        async connect(role: Role) {
          const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, [`flockdeck.v1.${codec.id}`], {
            headers: bearer(role === "control" ? CONTROL : WATCH),
            perMessageDeflate: compress,
          });
          const link = linkOf(ws, codec, toFrame);
          await once(ws, "open");
          return link;
        },
        close: () => server.close({ drainMs: 0 }),
      };
    },
  };
}

const toText = (data: Buffer) => data.toString();
const toBytes = (data: Buffer) => new Uint8Array(data);

conformanceSuite(webSocketCarrier(jsonCodec, toText, false));
conformanceSuite(webSocketCarrier(msgpackCodec, toBytes, true));
