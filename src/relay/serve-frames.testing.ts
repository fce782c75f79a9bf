import {
  type Codec,
  decodeViewerFrame,
  type InboundMessage,
  ProtocolFault,
  type Transport,
} from "../protocol/index.js";
import type { Hub } from "./hub.js";
import type { Viewer, ViewerOptions } from "./types.js";

export interface ServeOptions<Frame> extends ViewerOptions {
  readonly codec: Codec<Frame>;
  /** Bytes handed over and not yet taken; 0 for carriers that cannot tell, whose viewers should acknowledge. */
  readonly bufferedBytes?: () => number;
}

/**
 * Serves one viewer over the in-memory pair, so that the relay's own tests need no server. The carrier reports its drain
 * by `viewer.drained()`. A frame that does not fit the protocol closes it with 1008.
 */
export function serveFrames<Frame>(hub: Hub, frames: Transport<Frame, Frame>, options: ServeOptions<Frame>): Viewer {
  const { codec, bufferedBytes } = options;
  const viewer = hub.addViewer(
    {
      encoder: codec,
      send: (frame: Frame) => frames.send(frame),
      get bufferedBytes() {
        return bufferedBytes?.() ?? 0;
      },
      close: (code, reason) => frames.close(code, reason),
    },
    options,
  );
  frames.onClose(() => viewer.detach());
  frames.onMessage((frame) => {
    let messages: InboundMessage[];
    try {
      messages = decodeViewerFrame(codec, frame);
    } catch (fault) {
      viewer.detach();
      frames.close(1008, fault instanceof ProtocolFault ? "The message does not fit the protocol" : "Internal fault");
      return;
    }
    for (const message of messages) viewer.receive(message);
  });
  return viewer;
}
