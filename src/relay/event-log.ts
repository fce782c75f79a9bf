import type { SequencedMessage } from "../protocol/index.js";
import { MAX_EVENTS, MAX_PAYLOAD_UNITS } from "./limits.js";

/** The newest events, by `seq`, without gaps. The first event has `seq` 1. */
export class EventLog {
  readonly #maxEvents: number;
  readonly #maxPayload: number;
  #events: { readonly event: SequencedMessage; readonly payloadUnits: number }[] = [];
  /** Index of the oldest retained event in `#events`; what lies before it is cut off now and then. */
  #head = 0;
  #floor = 1;
  #payload = 0;

  constructor(maxEvents: number = MAX_EVENTS, maxPayloadUnits: number = MAX_PAYLOAD_UNITS) {
    this.#maxEvents = maxEvents;
    this.#maxPayload = maxPayloadUnits;
  }

  /** `seq` of the oldest retained event; one past the newest while none is retained. */
  get floor(): number {
    return this.#floor;
  }

  /** `seq` of the newest event; 0 before the first. */
  get last(): number {
    return this.#floor + this.#events.length - this.#head - 1;
  }

  /** The event's `seq` must be `last + 1`. The newest event is always kept. */
  push(event: SequencedMessage, payloadUnits: number): void {
    this.#events.push({ event, payloadUnits });
    this.#payload += payloadUnits;
    while (this.#size > 1 && (this.#size > this.#maxEvents || this.#payload > this.#maxPayload)) this.#drop();
  }

  get(seq: number): SequencedMessage | undefined {
    return seq < this.#floor ? undefined : this.#events[this.#head + seq - this.#floor]?.event;
  }

  get #size(): number {
    return this.#events.length - this.#head;
  }

  #drop(): void {
    this.#payload -= this.#events[this.#head]?.payloadUnits ?? 0;
    this.#head += 1;
    this.#floor += 1;
    if (this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }
}
