import type { Carrier, Incoming, Outgoing } from "./carrier.js";

/** A carrier whose other end the test holds. */
export class TestCarrier implements Carrier {
  readonly sent: Outgoing[] = [];
  closedWith: number | undefined;
  readonly #messages = new Set<(messages: readonly Incoming[]) => void>();
  readonly #closes = new Set<(reason: { code: number; reason: string }) => void>();

  send(message: Outgoing): void {
    this.sent.push(message);
  }

  onMessage(listener: (messages: readonly Incoming[]) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onClose(listener: (reason: { code: number; reason: string }) => void): () => void {
    this.#closes.add(listener);
    return () => this.#closes.delete(listener);
  }

  close(code = 1000): void {
    this.closedWith = code;
  }

  /** The other end sends one flush. */
  deliver(...messages: Incoming[]): void {
    for (const listener of this.#messages) listener(messages);
  }

  /** The connection ends. */
  drop(code = 1006, reason = ""): void {
    for (const listener of [...this.#closes]) listener({ code, reason });
  }
}
