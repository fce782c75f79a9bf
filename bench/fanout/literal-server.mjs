/**
 * Baseline: the specification's literal design. One JSON message per token to every connection, the chunks of a stream
 * kept in an array, the whole text joined when it completes.
 */
import { WebSocketServer } from "ws";
import { produce } from "../lib/token-source.mjs";
import { serveBench } from "./harness.mjs";

serveBench(async ({ streams, rate, corpus }) => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await new Promise((resolve) => server.once("listening", resolve));
  const connections = new Set();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  const active = Array.from({ length: streams }, (_, index) => ({
    stream_id: `s${index}`,
    agent_name: `agent-${index}`,
    chunks: [],
  }));
  let source;
  return {
    port: server.address().port,
    produce(start) {
      source = produce({
        streams,
        rate,
        start,
        corpus,
        onToken(index, chunk) {
          const stream = active[index];
          stream.chunks.push(chunk);
          const message = JSON.stringify({
            type: "stream_chunk",
            agent_name: stream.agent_name,
            chunk,
            stream_id: stream.stream_id,
            timestamp: Date.now() / 1000,
          });
          for (const connection of connections) connection.send(message);
        },
      });
    },
    produced: () => source?.produced() ?? 0,
  };
});
