import type { ServerMessage } from "../../protocol/messages.js";

const ACK_EVERY = 65_536;

/** Counts the units of text that came over one connection, and tells when they are to be acknowledged. */
export class Receipts {
  #received = 0;
  #acknowledged = 0;

  restart(): void {
    this.#received = 0;
    this.#acknowledged = 0;
  }

  note(message: ServerMessage): void {
    if (message.type === "stream_chunk") this.#received += message.chunk.length;
    else if (message.type === "stream_reset") this.#received += message.content.length;
  }

  /** All that came on this connection, once enough of it is new; undefined until then. */
  due(): number | undefined {
    if (this.#received - this.#acknowledged < ACK_EVERY) return undefined;
    this.#acknowledged = this.#received;
    return this.#received;
  }
}
