/**
 * The floor: what the operating system and Node take to write to this many sockets, 20 times a second, and nothing else.
 * One buffer of the size of a real flush, made beforehand; no cursors, roles, encoding or compression.
 */
import { WebSocketServer } from "ws";
import { produce } from "../lib/token-source.mjs";
import { serveBench } from "./harness.mjs";

const FLUSH_MS = 50;
const FLUSH_BYTES = 1_100;
const HEADER_BYTES = 4;

serveBench(async ({ streams, rate, corpus }) => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await new Promise((resolve) => server.once("listening", resolve));
  const sockets = new Set();
  server.on("connection", (ws, incoming) => {
    sockets.add(incoming.socket);
    ws.on("close", () => sockets.delete(incoming.socket));
  });
  const frame = Buffer.alloc(HEADER_BYTES + FLUSH_BYTES, 97);
  frame.set([0x82, 126, FLUSH_BYTES >> 8, FLUSH_BYTES & 255]);
  let source;
  return {
    port: server.address().port,
    produce(start) {
      source = produce({ streams, rate, start, corpus, onToken: () => {} });
      setInterval(() => {
        for (const socket of sockets) socket.write(frame);
      }, FLUSH_MS);
    },
    produced: () => source?.produced() ?? 0,
  };
});
