/** Baseline: socket.io as its documentation shows it, one event per token to everybody. */
import { createServer } from "node:http";
import { Server } from "../baselines/node_modules/socket.io/wrapper.mjs";
import { produce } from "../lib/token-source.mjs";
import { serveBench } from "./harness.mjs";

serveBench(async ({ streams, rate, corpus }) => {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"] });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  let source;
  return {
    port: http.address().port,
    produce(start) {
      source = produce({
        streams,
        rate,
        start,
        corpus,
        onToken(index, chunk) {
          io.emit("stream_chunk", {
            type: "stream_chunk",
            agent_name: `agent-${index}`,
            chunk,
            stream_id: `s${index}`,
            timestamp: Date.now() / 1000,
          });
        },
      });
    },
    produced: () => source?.produced() ?? 0,
  };
});
