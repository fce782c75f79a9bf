import { MessageChannel } from "node:worker_threads";
import { afterEach, expect } from "vitest";
import {
  type Codec,
  createFramePair,
  frameSize,
  jsonCodec,
  msgpackCodec,
  openMemoryEnds,
  type Transport,
  viewerTransport,
} from "../protocol/index.js";
import { type Carrier, conformanceSuite } from "./conformance.testing.js";
import { serveFrames } from "./serve-frames.js";

afterEach(() => {
  expect(openMemoryEnds()).toBe(0);
});

function memoryCarrier<Frame extends string | Uint8Array>(codec: Codec<Frame>, runs: number): Carrier {
  return {
    name: `memory pair, ${codec.id}`,
    mayOmitFullContent: codec.mayOmitFullContent,
    runs,
    open: async (hub) => ({
      connect: async (role) => {
        const [server, viewer] = createFramePair<Frame, Frame>(frameSize);
        let stalled = false;
        // A stalled reader counts for as much as a full socket, so that short texts show it too.
        const bufferedBytes = () => (stalled ? 2 ** 21 : server.bufferedBytes);
        const served = serveFrames(hub, server, { codec, role, carrier: "memory", bufferedBytes });
        server.onDrain(() => served.drained());
        return {
          ...viewerTransport(viewer, codec),
          stall: () => {
            stalled = true;
            viewer.pause();
          },
          resume: () => {
            stalled = false;
            viewer.resume();
            served.drained();
          },
        };
      },
      close: async () => {
        await new Promise((resolve) => setImmediate(resolve));
      },
    }),
  };
}

/** Stands for Electron's MessagePortMain, which has the same shape. The page's end says why it closes. */
const messagePortCarrier: Carrier = {
  name: "MessagePort, msgpack",
  mayOmitFullContent: true,
  runs: 30,
  losslessUnits: 5_000,
  open: async (hub) => ({
    connect: async (role) => {
      const { port1, port2 } = new MessageChannel();
      serveFrames(hub, portTransport(port1), { codec: msgpackCodec, role, carrier: "ipc" });
      return viewerTransport(portTransport(port2), msgpackCodec);
    },
    close: async () => {
      await new Promise((resolve) => setImmediate(resolve));
    },
  }),
};

type Port = InstanceType<typeof MessageChannel>["port1"];
type Bytes = Uint8Array<ArrayBuffer>;

function portTransport(port: Port): Transport<Bytes, Bytes> {
  let reason: { code: number; reason: string } = { code: 1000, reason: "" };
  const closing = new Set<(reason: { code: number; reason: string }) => void>();
  port.on("message", (value: unknown) => {
    if (isClose(value)) reason = value.close;
  });
  port.on("close", () => {
    for (const listener of closing) listener(reason);
  });
  return {
    send: (frame) => port.postMessage(frame),
    onMessage: (listener) => {
      const take = (value: unknown): void => {
        if (value instanceof Uint8Array) listener(new Uint8Array(value));
      };
      port.on("message", take);
      return () => port.off("message", take);
    },
    onClose: (listener) => {
      closing.add(listener);
      return () => closing.delete(listener);
    },
    close: (code = 1000, text = "") => {
      reason = { code, reason: text };
      port.postMessage({ close: reason });
      port.close();
    },
  };
}

function isClose(value: unknown): value is { close: { code: number; reason: string } } {
  return typeof value === "object" && value !== null && "close" in value;
}

conformanceSuite(memoryCarrier(jsonCodec, 200));
conformanceSuite(memoryCarrier(msgpackCodec, 400));
conformanceSuite(messagePortCarrier);
