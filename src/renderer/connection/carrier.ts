import type { DesktopMessage, DesktopRequest } from "../../protocol/desktop.js";
import type { ServerMessage, ViewerMessage } from "../../protocol/messages.js";
import type { Transport } from "../../protocol/transport.js";

export type Incoming = ServerMessage | DesktopMessage;
export type Outgoing = ViewerMessage | DesktopRequest;

/** One open connection: messages arrive as the arrays in which the server flushed them. */
export type Carrier = Transport<Outgoing, readonly Incoming[]>;

/** A carrier could not be opened; `code` is the WebSocket close code where there is one. */
export class CarrierError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "CarrierError";
    this.code = code;
  }
}

/** Opens a new connection; rejects with a `CarrierError`. Once the signal is aborted nobody waits for it any more. */
export interface OpenCarrier {
  (signal: AbortSignal): Promise<Carrier>;
  /**
   * Milliseconds without a word after which a try is given up, from its beginning until the viewer is in step. Absent:
   * it takes as long as it takes.
   */
  readonly patienceMs?: number;
}
