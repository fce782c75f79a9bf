import { afterEach, expect } from "vitest";
import {
  type Codec,
  createFramePair,
  frameSize,
  jsonCodec,
  msgpackCodec,
  openMemoryEnds,
  viewerTransport,
} from "../protocol/index.js";
import { type Carrier, conformanceSuite } from "./conformance.testing.js";
import { serveFrames } from "./serve-frames.testing.js";

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

conformanceSuite(memoryCarrier(jsonCodec, 200));
conformanceSuite(memoryCarrier(msgpackCodec, 400));
