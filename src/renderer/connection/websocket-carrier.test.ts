import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openWebSocketCarrier } from "./websocket-carrier.js";

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that takes every connection and never says a word. */
async function muteServer() {
  const server = createServer();
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const taken = once(server, "connection").then(([socket]) => socket as Socket);
  return { url: `ws://127.0.0.1:${port}/ws`, taken };
}

test("a connection that is never taken up ends when it is given up", async () => {
  const { url, taken } = await muteServer();
  const gone = new AbortController();
  const open = openWebSocketCarrier({
    url,
    signIn: async () => {},
    request: async () => new Response("{}", { status: 200 }),
  });
  const opening = open(gone.signal);
  const socket = await taken;
  socket.resume();
  const ended = once(socket, "close");
  gone.abort();
  await expect(opening).rejects.toMatchObject({ code: 1006 });
  await ended;
});

test("a sign-in that hangs is given up, and done by the next try", async () => {
  const { url } = await muteServer();
  const signals: AbortSignal[] = [];
  const open = openWebSocketCarrier({
    url,
    signIn: (signal) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  for (const tried of [1, 2]) {
    const gone = new AbortController();
    const opening = open(gone.signal);
    gone.abort();
    await expect(opening).rejects.toBe(gone.signal.reason);
    expect(signals).toHaveLength(tried);
  }
});
