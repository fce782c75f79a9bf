import type { Attach, InboundMessage, Role } from "../protocol/index.js";
import { MAX_BUFFERED_BYTES, MAX_UNACKNOWLEDGED_UNITS } from "./limits.js";
import type { RelayStream } from "./relay-stream.js";
import type { Viewer, ViewerOptions, ViewerSink } from "./types.js";

/** What a viewer asks of its hub. */
export interface ViewerHost {
  received(viewer: HubViewer, message: InboundMessage): void;
  drained(viewer: HubViewer): void;
  detached(viewer: HubViewer): void;
  lagOf(viewer: HubViewer): number;
}

/**
 * One viewer: a set of cursors, and what it may get. It holds no messages.
 * In step, its cursors are the hub's own; out of step, `held` and `eventCursor` say where it is.
 */
export class HubViewer implements Viewer {
  readonly id: string;
  readonly role: Role;
  readonly carrier: string;
  readonly address: string;
  readonly connectedAt: number;
  readonly isObserver: boolean;
  readonly sink: ViewerSink<unknown>;
  /** When it last attached; long ago while it never did. */
  attachedAt = Number.NEGATIVE_INFINITY;
  /** It asked to attach again too soon, and waits for its turn. */
  deferred = false;
  gone = false;
  inStep = false;
  /** Null for all streams. */
  focus: ReadonlySet<string> | null = null;
  /** Events up to this `seq` have been sent, while out of step. */
  eventCursor = 0;
  /** Up to this `seq` the viewer is given the events that rebuild the state, not those that happened. */
  rebuildTo = 0;
  /** `sync_complete` is still to be sent. */
  syncing = false;
  /** When it fell behind; null while it attaches. */
  outSince: number | null = null;
  /** Cursors that are not the hub's: of every live stream while out of step, of those out of focus while in step. */
  held = new Map<string, number>();
  /** Streams whose text did not reach this connection from the first unit on. */
  readonly partial = new Set<string>();
  pumping = false;
  ackTimer: unknown = null;
  attachTimer: unknown = null;
  #acks = false;
  #sentUnits = 0;
  #ackedUnits = 0;
  readonly #host: ViewerHost;

  constructor(host: ViewerHost, id: string, sink: ViewerSink<unknown>, options: ViewerOptions, now: number) {
    this.#host = host;
    this.id = id;
    this.sink = sink;
    this.role = options.role;
    this.carrier = options.carrier;
    this.address = options.address ?? "";
    this.connectedAt = now;
    this.isObserver = options.isObserver === true;
  }

  get attached(): boolean {
    return this.attachedAt > Number.NEGATIVE_INFINITY;
  }

  get lagChars(): number {
    return this.#host.lagOf(this);
  }

  get outstandingUnits(): number {
    return this.#acks ? Math.max(0, this.#sentUnits - this.#ackedUnits) : 0;
  }

  get awaitsAck(): boolean {
    return this.outstandingUnits > MAX_UNACKNOWLEDGED_UNITS;
  }

  get ready(): boolean {
    return !this.awaitsAck && this.sink.bufferedBytes <= MAX_BUFFERED_BYTES;
  }

  receive(message: InboundMessage): void {
    if (!this.gone) this.#host.received(this, message);
  }

  drained(): void {
    if (!this.gone) this.#host.drained(this);
  }

  detach(): void {
    if (!this.gone) this.#host.detached(this);
  }

  follows(streamId: string): boolean {
    return this.focus === null || this.focus.has(streamId);
  }

  /** Offset up to which this viewer has been sent the stream's text. */
  position(stream: RelayStream): number {
    return this.held.get(stream.id) ?? (this.inStep ? stream.flushed : 0);
  }

  /** Takes the cursors of an `attach`; those of another epoch mean nothing. */
  takeCursors(attach: Attach, sameEpoch: boolean): void {
    if (attach.acks === true) this.#acks = true;
    this.held = new Map(sameEpoch ? Object.entries(attach.cursors ?? {}) : []);
    for (const [id, offset] of this.held) if (offset > 0) this.partial.add(id);
  }

  countSent(units: number): void {
    this.#sentUnits += units;
  }

  acknowledge(chars: number): void {
    this.#ackedUnits = Math.max(this.#ackedUnits, Math.min(chars, this.#sentUnits));
  }
}
