/**
 * Keeps one viewer attached: opens a carrier, attaches with what the viewer already holds, and starts
 * again whenever the carrier ends or a try hangs, without limit.
 */
import type { Attach } from "../../protocol/messages.js";
import { backoffDelay } from "./backoff.js";
import { type Carrier, CarrierError, type Incoming, type OpenCarrier, type Outgoing } from "./carrier.js";
import { type Request, Requests } from "./requests.js";

export type ConnectionStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "catching-up" }
  | { readonly kind: "live" }
  /** `retryAt` in milliseconds since 1970, gone by while it is tried; `reason` is for people. */
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

const ABANDONED = 4000;

type Away = Extract<ConnectionStatus, { readonly retryAt: number }>;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #requests: Requests;
  /** The present try, which goes on as the connection that it led to; undefined while the next one is waited for. */
  #present: AbortController | undefined;
  #carrier: Carrier | undefined;
  #attempt = 0;
  #away: Away | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #catchingUp = false;
  #synced = false;
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

  /** Tries at once, instead of waiting for the next turn or for a try that hangs. */
  retryNow(): void {
    if (this.#closed || this.#synced) return;
    this.#abandon("Tried anew");
    void this.#open();
  }

  /** The device has lost its network: what is open is dead, though nothing will say so for minutes. */
  networkLost(): void {
    if (this.#present === undefined) return;
    this.#abandon("The network is gone");
    this.#retry(1006, "This device is offline.");
  }

  close(): void {
    this.#closed = true;
    this.#abandon("The viewer left", 1000);
  }

  /** Ends whatever is open, opening or planned. */
  #abandon(reason: string, code = ABANDONED): void {
    clearTimeout(this.#next);
    clearTimeout(this.#patience);
    const carrier = this.#carrier;
    this.#carrier = undefined;
    this.#synced = false;
    this.#present?.abort();
    this.#present = undefined;
    if (carrier === undefined) return;
    this.#requests.connectionLost();
    carrier.close(code, reason);
  }

  async #open(): Promise<void> {
    const present = new AbortController();
    this.#present = present;
    this.#catchingUp = false;
    this.#waitForWord();
    // While it tries again the viewer stays offline in the eyes of people, until the other side has said something.
    if (this.#attempt === 0) this.#options.onStatus({ kind: "connecting" });
    else if (this.#away !== undefined) this.#options.onStatus({ ...this.#away, retryAt: Date.now() });
    try {
      const carrier = await this.#options.open(present.signal);
      if (this.#present === present) this.#attach(carrier);
      else carrier.close(ABANDONED, "It came too late");
    } catch (error) {
      if (this.#present !== present) return;
      const code = error instanceof CarrierError ? error.code : 1006;
      this.#retry(code, error instanceof Error ? error.message : "The server cannot be reached.");
    }
  }

  /** Gives the present try up unless the other side says something in time. */
  #waitForWord(): void {
    clearTimeout(this.#patience);
    const { patienceMs } = this.#options.open;
    if (patienceMs === undefined) return;
    this.#patience = setTimeout(() => {
      this.#abandon("No answer in time");
      this.#retry(1006, "The server does not answer.");
    }, patienceMs);
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
    if (this.#attempt === 0) this.#catchUp();
  }

  #catchUp(): void {
    this.#catchingUp = true;
    this.#options.onStatus({ kind: "catching-up" });
  }

  #receive(messages: readonly Incoming[]): void {
    if (!this.#catchingUp) this.#catchUp();
    let synced = false;
    for (const message of messages) {
      if (message.type === "reply") this.#requests.settle(message);
      else if (message.type === "sync_complete") synced = true;
    }
    this.#options.onMessages(messages);
    if (synced) {
      clearTimeout(this.#patience);
      this.#synced = true;
      this.#attempt = 0;
      this.#options.onStatus({ kind: "live" });
    } else if (!this.#synced) this.#waitForWord();
  }

  #retry(code: number, reason: string): void {
    clearTimeout(this.#patience);
    this.#present = undefined;
    this.#synced = false;
    if (this.#closed) return;
    const attempt = this.#attempt++;
    const delay = backoffDelay(attempt, this.#options.random);
    const retryAt = Date.now() + delay;
    const refused = REFUSED[code];
    if (refused === undefined) {
      this.#away = { kind: "offline", retryAt, attempt, reason: reason || "The connection broke." };
    } else {
      // A close frame has few words; an error of ours says already what to do.
      const words = reason === "" ? refused : reason.endsWith(".") ? reason : `${reason}. ${refused}`;
      this.#away = { kind: "refused", retryAt, reason: words };
    }
    this.#options.onStatus(this.#away);
    this.#next = setTimeout(() => void this.#open(), delay);
  }
}
