/**
 * Keeps one viewer attached: opens a carrier, attaches with what the viewer already holds, and starts
 * again whenever the carrier ends, without limit.
 */
import type { Attach } from "../../protocol/messages.js";
import { backoffDelay } from "./backoff.js";
import { type Carrier, CarrierError, type Incoming, type OpenCarrier, type Outgoing } from "./carrier.js";
import { type Request, Requests } from "./requests.js";

export type ConnectionStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "catching-up" }
  | { readonly kind: "live" }
  /** `retryAt` in milliseconds since 1970; `reason` is for people. */
  | { readonly kind: "offline"; readonly retryAt: number; readonly attempt: number; readonly reason: string }
  /** Trying goes on, but only a person can mend it: a new link, fewer viewers. */
  | { readonly kind: "refused"; readonly retryAt: number; readonly reason: string };

export interface ConnectionOptions {
  readonly open: OpenCarrier;
  /** What the viewer holds, asked anew at every attach. */
  readonly resume: () => Omit<Attach, "type" | "acks">;
  readonly onMessages: (messages: readonly Incoming[]) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
  readonly random?: () => number;
}

const REFUSED: Record<number, string> = {
  1008: "The server refused this viewer. Ask its owner to let you in again.",
  1013: "Too many viewers are connected. Close one, or raise the limit.",
  4401: "This link is no longer valid. Ask its owner for a new one.",
};

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #requests: Requests;
  #carrier: Carrier | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#requests = new Requests((message) => this.send(message));
  }

  start(): void {
    void this.#open();
  }

  /** Returns whether there was a connection to send on. */
  send(message: Outgoing): boolean {
    if (this.#carrier === undefined) return false;
    this.#carrier.send(message);
    return true;
  }

  /** Rejects with a `RequestError`. */
  request(message: Request): Promise<Record<string, unknown>> {
    return this.#requests.request(message);
  }

  /** Asks again for what is missing. */
  reattach(): void {
    const carrier = this.#carrier;
    if (carrier === undefined) return;
    this.#attempt = 0;
    carrier.send({ type: "attach", ...this.#options.resume(), acks: true });
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#open();
  }

  /** The device has lost its network: what is open is dead, though nothing will say so for minutes. */
  networkLost(): void {
    const carrier = this.#carrier;
    if (carrier === undefined) return;
    this.#carrier = undefined;
    this.#requests.connectionLost();
    carrier.close(4000, "The network is gone");
    this.#retry(1006, "This device is offline.");
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const carrier = this.#carrier;
    this.#carrier = undefined;
    carrier?.close(1000, "The viewer left");
  }

  async #open(): Promise<void> {
    // While it tries again the viewer stays offline in the eyes of people.
    if (this.#attempt === 0) this.#options.onStatus({ kind: "connecting" });
    try {
      const carrier = await this.#options.open();
      if (this.#closed) carrier.close();
      else this.#attach(carrier);
    } catch (error) {
      const code = error instanceof CarrierError ? error.code : 1006;
      this.#retry(code, error instanceof Error ? error.message : "The server cannot be reached.");
    }
  }

  #attach(carrier: Carrier): void {
    this.#carrier = carrier;
    carrier.onMessage((messages) => {
      if (this.#carrier === carrier) this.#receive(messages);
    });
    carrier.onClose(({ code, reason }) => {
      if (this.#carrier !== carrier) return;
      this.#carrier = undefined;
      this.#requests.connectionLost();
      this.#retry(code, reason);
    });
    carrier.send({ type: "attach", ...this.#options.resume(), acks: true });
    this.#options.onStatus({ kind: "catching-up" });
  }

  #receive(messages: readonly Incoming[]): void {
    let synced = false;
    for (const message of messages) {
      if (message.type === "reply") this.#requests.settle(message);
      else if (message.type === "sync_complete") synced = true;
    }
    this.#options.onMessages(messages);
    if (synced) {
      this.#attempt = 0;
      this.#options.onStatus({ kind: "live" });
    }
  }

  #retry(code: number, reason: string): void {
    if (this.#closed) return;
    const attempt = this.#attempt++;
    const delay = backoffDelay(attempt, this.#options.random);
    const retryAt = Date.now() + delay;
    const refused = REFUSED[code];
    if (refused === undefined) {
      this.#options.onStatus({ kind: "offline", retryAt, attempt, reason: reason || "The connection broke." });
    } else {
      // A close frame has few words; an error of ours says already what to do.
      const words = reason === "" ? refused : reason.endsWith(".") ? reason : `${reason}. ${refused}`;
      this.#options.onStatus({ kind: "refused", retryAt, reason: words });
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#open();
    }, delay);
  }
}
