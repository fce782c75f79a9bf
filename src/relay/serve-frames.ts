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
  /** For messages that are not the protocol's own, such as the desktop's. True means taken. */
  readonly onOther?: (value: unknown) => boolean;
}

/**
 * Serves one viewer over any carrier of frames: a MessagePort, an in-memory pair. The carrier reports its drain, if it
 * can, by `viewer.drained()`. A frame that does not fit the protocol closes the carrier with 1008.
 */
export function serveFrames<Frame>(hub: Hub, frames: Transport<Frame, Frame>, options: ServeOptions<Frame>): Viewer {
  const { codec, bufferedBytes, onOther } = options;
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
      if (onOther !== undefined && codec.decode(frame).every(onOther)) return;
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
