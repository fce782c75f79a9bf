import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, connect, isType, send, startBench } from "./server.testing.js";

afterEach(cleanUp);

describe.each(["json", "msgpack"] as const)("a viewer over WebSocket, %s", (subprotocol) => {
  it("gets hello, what happened, and what happens", async () => {
    const { hub, server, startStream, endStream } = await startBench();
    startStream("s1");
    hub.append("s1", "before ");
    const client = await connect(server, { subprotocol });
    await client.until(isType("sync_complete"));
    hub.append("s1", "after");
    endStream("s1");
    const complete = await client.until(isType("stream_complete"));
    expect(client.messages[0]).toMatchObject({ type: "hello", protocol: 1, role: "watch", epoch: hub.epoch });
    expect(client.textOf("s1")).toBe("before after");
    expect(complete.length).toBe(12);
    expect(client.frames.every((frame) => frame.isBinary === (subprotocol === "msgpack"))).toBe(true);
  });
});

it("tells that it is well, without a token", async () => {
  const { server } = await startBench();
  const answer = await send(server, "/healthz");
  expect(answer.json()).toEqual({ status: "ok", runtime_mode: "dashboard", version: "0.1.0" });
});
