import type { SequencedMessage } from "../protocol/index.js";
import { MAX_PAYLOAD_UNITS, MAX_STATE_EVENTS } from "./limits.js";

interface Entry {
  readonly event: SequencedMessage;
  readonly payloadUnits: number;
  dropped: boolean;
}

/** All entries of one workflow, run, stream or artifact. They leave together. */
interface Group {
  readonly entries: Entry[];
}

/**
 * The events that rebuild the current state, in the order of their `seq`: what a viewer gets whose own events are gone.
 * Bounded: beyond the limits, what has been over for longest leaves; what still runs stays.
 */
export class StateLog {
  readonly #maxEvents: number;
  readonly #maxPayload: number;
  readonly #groups = new Map<string, Group>();
  /** Keys of the groups that may go, in the order in which they ended; streams, once the relay has dropped their text. */
  readonly #over = new Set<string>();
  #entries: Entry[] = [];
  #live = 0;
  #payload = 0;

  constructor(maxEvents: number = MAX_STATE_EVENTS, maxPayloadUnits: number = MAX_PAYLOAD_UNITS) {
    this.#maxEvents = maxEvents;
    this.#maxPayload = maxPayloadUnits;
  }

  /** Grows whenever a workflow, run or artifact was let go: what was read before may hold too much. */
  generation = 0;

  get size(): number {
    return this.#live;
  }

  push(event: SequencedMessage, payloadUnits: number): void {
    const { key, pinned } = placeOf(event);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { entries: [] };
      this.#groups.set(key, group);
    }
    if (key.startsWith("run:")) this.#endWait(group);
    if (pinned) this.#over.delete(key);
    else this.#over.add(key);
    const entry = { event, payloadUnits, dropped: false };
    group.entries.push(entry);
    this.#entries.push(entry);
    this.#live += 1;
    this.#payload += payloadUnits;
    if (this.#live > this.#maxEvents || this.#payload > this.#maxPayload) this.#evict();
  }

  /** The stream's text is gone: of what was told of it only the end is still of use, to viewers that had its start. */
  keepEndOf(id: string): void {
    const key = `stream:${id}`;
    const group = this.#groups.get(key);
    for (const start of group?.entries.splice(0, group.entries.length - 1) ?? []) this.#drop(start);
    if (group !== undefined) this.#over.add(key);
  }

  dropStream(id: string): void {
    this.#dropGroup(`stream:${id}`);
  }

  /** The first event after `seq`, if any. */
  after(seq: number): SequencedMessage | undefined {
    for (const event of this.eventsAfter(seq)) return event;
    return undefined;
  }

  *eventsAfter(seq: number): Iterable<SequencedMessage> {
    for (let index = this.#indexAfter(seq); index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry !== undefined && !entry.dropped) yield entry.event;
    }
  }

  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.event.seq ?? Number.POSITIVE_INFINITY) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A wait is over with the run's next event; only the one that holds is worth telling. */
  #endWait(group: Group): void {
    const last = group.entries[group.entries.length - 1];
    if (last?.event.type !== "agent_waiting") return;
    group.entries.pop();
    this.#drop(last);
  }

  #evict(): void {
    for (const key of this.#over) {
      if (this.#live <= this.#maxEvents && this.#payload <= this.#maxPayload) return;
      this.#dropGroup(key);
      this.generation += 1;
    }
  }

  #dropGroup(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    this.#over.delete(key);
    for (const entry of group.entries) this.#drop(entry);
  }

  #drop(entry: Entry): void {
    entry.dropped = true;
    this.#live -= 1;
    this.#payload -= entry.payloadUnits;
    if (this.#entries.length > 64 && this.#live * 2 < this.#entries.length)
      this.#entries = this.#entries.filter((kept) => !kept.dropped);
  }
}

function placeOf(event: SequencedMessage): { key: string; pinned: boolean } {
  switch (event.type) {
    case "workflow_started":
    case "workflow_finished":
      return { key: `workflow:${event.correlation_id}`, pinned: event.type === "workflow_started" };
    case "artifact_published":
      return { key: `artifact:${event.artifact.id}`, pinned: false };
    case "stream_started":
    case "stream_complete":
      return { key: `stream:${event.stream_id}`, pinned: true };
    case "agent_error":
      return { key: `run:${event.run_id}`, pinned: event.will_retry };
    default:
      return { key: `run:${event.run_id}`, pinned: event.type !== "agent_completed" };
  }
}
