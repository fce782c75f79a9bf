import type { ServerMessage } from "../protocol/index.js";
import type { FrameEncoder, Hub, ViewerSink } from "../relay/index.js";

const encoder: FrameEncoder<readonly ServerMessage[]> = {
  id: "observer",
  mayOmitFullContent: true,
  encode: (messages) => [messages],
};

/**
 * Lets the server itself see what viewers see: a viewer in the same process, in step with every flush.
 * Returns how to stop.
 */
export function observeHub(hub: Hub, apply: (message: ServerMessage) => void): () => void {
  const sink: ViewerSink<readonly ServerMessage[]> = {
    encoder,
    send(messages) {
      for (const message of messages) apply(message);
    },
    bufferedBytes: 0,
    close: () => {},
  };
  const viewer = hub.addViewer(sink, { role: "watch", carrier: "observer", isObserver: true });
  viewer.receive({ type: "attach" });
  return () => viewer.detach();
}
