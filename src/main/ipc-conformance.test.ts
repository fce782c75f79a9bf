import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { ServerMessage } from "../protocol/index.js";
import { type Carrier, type CarrierLink, conformanceSuite } from "../relay/conformance.testing.js";
import { IpcConnection, type Port } from "./ipc-transport.js";

/** Node's port in the shape of Electron's MessagePortMain. Both clone for real. */
function asMain(port: MessagePort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    on(event: "message" | "close", listener: ((event: { data: unknown }) => void) & (() => void)) {
      if (event === "message") port.on("message", (data: unknown) => listener({ data }));
      else port.on("close", listener);
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

/** The page's end, as the window's carrier has it: a closed port tells no code. */
function pageEnd(port: MessagePort): CarrierLink {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      const take = (messages: ServerMessage[]) => listener(messages);
      port.on("message", take);
      return () => port.off("message", take);
    },
    onClose(listener) {
      const tell = () => listener({ code: 1001, reason: "The app closed the channel" });
      port.on("close", tell);
      return () => port.off("close", tell);
    },
    close: () => port.close(),
  };
}

const ipc: Carrier = {
  name: "IPC, structured clone",
  mayOmitFullContent: false,
  onlyRole: "control",
  tellsCloseCodes: false,
  runs: 50,
  open: async (hub) => {
    const connections = new Set<IpcConnection>();
    return {
      async connect() {
        const { port1, port2 } = new MessageChannel();
        const connection = new IpcConnection(asMain(port1), {
          onAttach: () => {},
          onRequest: async () => ({ ok: true }),
          onClose: () => connections.delete(connection),
        });
        connections.add(connection);
        connection.watch(hub);
        return pageEnd(port2);
      },
      async close() {
        for (const connection of [...connections]) connection.close();
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  },
};

conformanceSuite(ipc);
