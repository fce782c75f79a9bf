import "../zod-jitless.js";
import type { OpenCarrier } from "./carrier.js";
import { signIn } from "./session.js";
import { openWebSocketCarrier, websocketUrl } from "./websocket-carrier.js";

/** The carrier of a page that a server served: signed in by the link's token, then a WebSocket to that server. */
export function browserCarrier({ location, history }: Window): OpenCarrier {
  return openWebSocketCarrier({
    url: websocketUrl(location),
    signIn: (signal) => signIn(location, history, fetch, signal),
  });
}
