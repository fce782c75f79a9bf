import {
  applyMessages,
  attachMessage,
  createViewState,
  type Role,
  type ServerMessage,
  type ViewState,
} from "../protocol/index.js";
import type { CarrierHost, CarrierLink } from "./conformance.testing.js";

/** A carrier that brings nothing for so long, while something is missing, has lost it. */
const SILENCE_MS = 3_000;

interface HeldStream {
  /** Offset of the first unit held, as told. */
  start: number;
  text: string;
  status: "live" | "completed" | "failed" | "cancelled";
}

/**
 * A viewer that keeps its own books by the letter of PROTOCOL.md, apart from the fold, and takes offence at every
 * message that the protocol does not allow. It survives its connections.
 */
export class Ledger {
  readonly streams = new Map<string, HeldStream>();
  readonly faults: string[] = [];
  readonly state: ViewState = createViewState();
  epoch: string | null = null;
  closed: { code: number; reason: string } | null = null;
  link: CarrierLink | null = null;
  received: ServerMessage[] = [];
  /** Once it narrowed its focus on this connection, it may be told of a stream's end without having its text. */
  #focused = false;
  #hello = false;
  #synced = false;
  #lastSeq = 0;
  readonly #waiting = new Set<() => void>();

  get synced(): boolean {
    return this.#synced;
  }

  /** Connects, attaches with what it holds, and waits for `sync_complete`. */
  async connect(host: CarrierHost, role: Role = "watch"): Promise<void> {
    const link = await host.connect(role);
    this.link = link;
    this.closed = null;
    this.#hello = false;
    this.#synced = false;
    this.#focused = false;
    link.onMessage((messages) => this.#take(link, messages));
    link.onClose((reason) => {
      if (this.link !== link) return;
      this.link = null;
      this.closed = reason;
      this.#wake();
    });
    link.send(attachMessage(this.state));
    await this.until(() => this.#synced || this.link !== link);
  }

  focus(streams: string[] | null): void {
    this.link?.send({ type: "focus", streams });
    if (streams !== null) this.#focused = true;
  }

  /** Ends the connection without warning. What is still under way is lost. */
  drop(): void {
    const { link } = this;
    this.link = null;
    link?.close();
  }

  /** Resolves once the condition holds; looks again with every message and close. Rejects when nothing comes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve, reject) => {
        const silence = setTimeout(() => reject(new Error(`the viewer waits in vain; ${this.faults}`)), SILENCE_MS);
        this.#waiting.add(() => {
          clearTimeout(silence);
          resolve();
        });
      });
  }

  holds(id: string, text: string): boolean {
    const held = this.streams.get(id);
    return held !== undefined && held.start + held.text.length === text.length && held.text === text.slice(held.start);
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #take(link: CarrierLink, messages: readonly ServerMessage[]): void {
    if (this.link !== link) return;
    for (const message of messages) {
      this.received.push(message);
      this.#check(message);
    }
    applyMessages(this.state, messages);
    for (const [id, held] of this.streams) {
      const folded = this.state.streams.get(id);
      if (folded?.text.end !== held.start + held.text.length) this.#fault(`fold and ledger differ on ${id}`);
    }
    this.#wake();
  }

  #fault(what: string): void {
    this.faults.push(what);
  }

  #check(message: ServerMessage): void {
    if (message.type === "hello") {
      if (this.#hello) this.#fault("a second hello");
      this.#hello = true;
      if (this.epoch !== message.epoch) {
        this.epoch = message.epoch;
        this.streams.clear();
        this.#lastSeq = 0;
      }
      return;
    }
    if (!this.#hello) this.#fault(`${message.type} before hello`);
    if (message.type === "sync_complete") {
      if (this.#synced) this.#fault("a second sync_complete");
      this.#synced = true;
      return;
    }
    if ("seq" in message) {
      if (this.#synced && message.seq <= this.#lastSeq) this.#fault(`seq ${message.seq} after ${this.#lastSeq}`);
      this.#lastSeq = Math.max(this.#lastSeq, message.seq);
    }
    if ("stream_id" in message) this.#checkStream(message);
  }

  #checkStream(message: Extract<ServerMessage, { stream_id: string }>): void {
    const id = message.stream_id;
    const held = this.streams.get(id);
    if (message.type === "stream_started") {
      if (held === undefined) this.streams.set(id, { start: 0, text: "", status: "live" });
      return;
    }
    if (held === undefined) {
      this.#fault(`${message.type} of ${id}, which never started`);
      return;
    }
    const end = held.start + held.text.length;
    switch (message.type) {
      case "stream_chunk":
        if (message.offset !== end) this.#fault(`chunk of ${id} at ${message.offset}, not at ${end}`);
        if (message.chunk === "") this.#fault(`an empty chunk of ${id}`);
        if (/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(message.chunk)) this.#fault(`a chunk of ${id} splits a pair`);
        held.text += message.chunk;
        break;
      case "stream_reset":
        held.start = message.offset;
        held.text = message.content;
        break;
      case "stream_complete": {
        const whole = message.full_content;
        if (end !== message.length && this.#focused && whole !== undefined) {
          held.start = message.length - whole.length;
          held.text = whole;
        } else if (end !== message.length) this.#fault(`${id} ended at ${message.length}, viewer was at ${end}`);
        if (whole !== undefined && !held.text.endsWith(whole) && !whole.endsWith(held.text))
          this.#fault(`full_content of ${id} differs from its chunks`);
        if (whole === undefined && held.start !== 0) this.#fault(`no full_content of ${id}, though units were lost`);
        held.status = message.status;
      }
    }
  }
}
