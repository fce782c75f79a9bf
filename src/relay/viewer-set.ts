import { type Attach, ERRORS, type ErrorCode, type ServerMessage } from "../protocol/index.js";
import { nextBatch } from "./catch-up.js";
import type { HubCounters } from "./counters.js";
import type { FlushPlan } from "./flush-plan.js";
import type { HubViewer } from "./hub-viewer.js";
import { ACK_TIMEOUT_MS, ATTACH_TIMEOUT_MS, REATTACH_MS } from "./limits.js";
import type { RelayStore } from "./relay-store.js";
import type { Timers } from "./timers.js";
import type { Clock } from "./types.js";
import { ViewerGroups } from "./viewer-groups.js";

export interface ViewerSetOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly store: RelayStore;
  readonly counters: HubCounters;
  readonly onLag?: (lagMs: number, viewers: number) => void;
}

/**
 * The connected viewers, in step or behind. One in step gets what its group gets; one that is not ready when a flush
 * comes falls behind, keeps its cursors, and catches up when it is ready again.
 */
export class ViewerSet {
  readonly all = new Set<HubViewer>();
  readonly #groups = new ViewerGroups();
  readonly #behind = new Set<HubViewer>();
  /** Those behind that are ready for more and wait for their turn, the longest first. */
  readonly #turns = new Set<HubViewer>();
  #turnTimer: ReturnType<typeof setTimeout> | null = null;
  readonly #options: ViewerSetOptions;
  #flushing = false;

  constructor(options: ViewerSetOptions) {
    this.#options = options;
  }

  get inStep(): number {
    return this.#groups.size;
  }

  /** Viewers in step that are not the program itself. */
  get watching(): number {
    return this.#groups.watching;
  }

  /** Whether any viewer in step follows only some streams. */
  get anyFocused(): boolean {
    return this.#groups.anyFocused;
  }

  add(viewer: HubViewer, hello: ServerMessage): void {
    this.all.add(viewer);
    this.#options.counters.viewersAdded += 1;
    this.sendAlone(viewer, [hello]);
    viewer.attachTimer = this.#options.timers.start(ATTACH_TIMEOUT_MS, () => this.close(viewer, "attach_timeout"));
  }

  remove(viewer: HubViewer): void {
    viewer.gone = true;
    this.all.delete(viewer);
    this.#groups.delete(viewer);
    this.#behind.delete(viewer);
    this.#turns.delete(viewer);
    this.#options.timers.cancel(viewer.attachTimer);
    this.#options.timers.cancel(viewer.ackTimer);
  }

  close(viewer: HubViewer, code: ErrorCode): void {
    const kind = ERRORS[code];
    this.remove(viewer);
    viewer.sink.close("close" in kind ? kind.close : 1011, kind.title);
  }

  /** Sends it nothing more until its replay: what it asks for must not come twice. */
  hold(viewer: HubViewer): void {
    this.#groups.delete(viewer);
    this.#turns.delete(viewer);
    viewer.inStep = false;
    viewer.deferred = true;
  }

  /** Whether an attach of this viewer would start its replay now. */
  mayAttach(viewer: HubViewer): boolean {
    return this.#options.clock.now() - viewer.attachedAt >= REATTACH_MS;
  }

  /**
   * Starts the replay. Cursors and `since_seq` count only if they are of this epoch. On one connection a replay starts
   * at most once a second; one that is asked for sooner waits, and nothing is sent meanwhile.
   */
  attach(viewer: HubViewer, attach: Attach, sameEpoch: boolean): void {
    const { clock, store, timers } = this.#options;
    timers.cancel(viewer.attachTimer);
    this.hold(viewer);
    if (!this.mayAttach(viewer)) {
      const wait = viewer.attachedAt + REATTACH_MS - clock.now();
      viewer.attachTimer = timers.start(wait, () => this.attach(viewer, attach, sameEpoch));
      return;
    }
    viewer.deferred = false;
    viewer.takeCursors(attach, sameEpoch);
    const since = sameEpoch ? attach.since_seq : undefined;
    const retained = since !== undefined && since + 1 >= store.events.floor && since <= store.flushedSeq;
    viewer.eventCursor = retained ? since : 0;
    viewer.rebuildTo = retained ? 0 : store.flushedSeq;
    viewer.syncing = true;
    viewer.attachedAt = clock.now();
    viewer.outSince = null;
    this.#behind.add(viewer);
    this.pump(viewer);
  }

  focus(viewer: HubViewer, streams: readonly string[] | null): void {
    if (viewer.inStep) this.#fallBehind(viewer);
    viewer.focus = streams === null ? null : new Set(streams);
    this.pump(viewer);
  }

  acknowledge(viewer: HubViewer, chars: number): void {
    viewer.acknowledge(chars);
    this.#options.timers.cancel(viewer.ackTimer);
    viewer.ackTimer = null;
    this.pump(viewer);
  }

  /** Before a flush is planned: who cannot take it keeps its cursors where they are. */
  beginFlush(): void {
    this.#flushing = true;
    for (const viewer of this.#groups.notReady()) {
      this.#fallBehind(viewer);
      this.#options.counters.fallOuts += 1;
      this.#watchAcks(viewer);
    }
  }

  send(plan: FlushPlan): void {
    this.#groups.send(plan, this.#options.counters, (viewer) => this.close(viewer, "internal"));
  }

  /** After the flush moved the hub's cursors: whoever is behind may be ready by now. */
  endFlush(): void {
    this.#flushing = false;
    for (const viewer of [...this.#behind]) this.pump(viewer);
  }

  /**
   * Sends a viewer that is behind the next part of what it lacks, if it is ready; once it lacks nothing, it is in step
   * again. What is left waits for its turn, so that a long replay to a quick reader holds nobody up.
   */
  pump(viewer: HubViewer): void {
    if (!this.#turns.has(viewer) && this.#sendPart(viewer)) this.#queue(viewer);
  }

  /** Hands over all that the viewers can take, without turns: nothing comes after. */
  finish(): void {
    for (const viewer of [...this.#behind]) while (this.#sendPart(viewer));
    if (this.#turnTimer !== null) clearTimeout(this.#turnTimer);
  }

  /** Whether there is more for it. */
  #sendPart(viewer: HubViewer): boolean {
    if (!viewer.attached || viewer.deferred || viewer.inStep || viewer.gone || viewer.pumping || this.#flushing)
      return false;
    if (!viewer.ready) {
      this.#watchAcks(viewer);
      return false;
    }
    const { counters, store } = this.#options;
    viewer.pumping = true;
    const batch = nextBatch(store, viewer);
    viewer.countSent(batch.units);
    counters.unitsSent += batch.units;
    counters.resets += batch.resets;
    if (batch.messages.length > 0) this.sendAlone(viewer, batch.messages);
    if (batch.done && !viewer.gone) this.#join(viewer);
    viewer.pumping = false;
    return !batch.done && !viewer.gone;
  }

  /** Not by the hub's clock: this waits for the thread, not for a time. */
  #queue(viewer: HubViewer): void {
    this.#turns.add(viewer);
    this.#turnTimer ??= setTimeout(() => this.#takeTurn(), 0);
  }

  /** One part for one viewer; flushes and everything else have their turns between. */
  #takeTurn(): void {
    this.#turnTimer = null;
    const [next] = this.#turns;
    if (next === undefined) return;
    this.#turns.delete(next);
    this.pump(next);
    const [another] = this.#turns;
    if (another !== undefined) this.#queue(another);
  }

  sendAlone(viewer: HubViewer, messages: readonly ServerMessage[]): void {
    const { counters } = this.#options;
    try {
      const frames = viewer.sink.encoder.encode(messages);
      counters.privateEncodes += 1;
      counters.framesSent += frames.length;
      for (const frame of frames) viewer.sink.send(frame);
    } catch {
      this.close(viewer, "internal");
    }
  }

  #fallBehind(viewer: HubViewer): void {
    const { clock, store } = this.#options;
    for (const stream of store.live)
      if (stream.started.seq <= store.flushedSeq) viewer.held.set(stream.id, viewer.position(stream));
    viewer.eventCursor = store.flushedSeq;
    viewer.rebuildTo = 0;
    viewer.inStep = false;
    viewer.outSince = clock.now();
    this.#groups.delete(viewer);
    this.#behind.add(viewer);
  }

  #join(viewer: HubViewer): void {
    const { clock, counters, onLag, store } = this.#options;
    const held = new Map<string, number>();
    for (const stream of store.live)
      if (stream.started.seq <= store.flushedSeq && !viewer.follows(stream.id))
        held.set(stream.id, viewer.held.get(stream.id) ?? 0);
    viewer.held = held;
    for (const id of [...viewer.partial]) if (!store.streams.has(id)) viewer.partial.delete(id);
    viewer.inStep = true;
    this.#behind.delete(viewer);
    this.#groups.add(viewer);
    counters.catchUps += 1;
    if (viewer.outSince !== null) onLag?.(clock.now() - viewer.outSince, 1);
  }

  /** A viewer that owes acknowledgements for too long is not merely slow. */
  #watchAcks(viewer: HubViewer): void {
    if (!viewer.awaitsAck || viewer.ackTimer !== null) return;
    viewer.ackTimer = this.#options.timers.start(ACK_TIMEOUT_MS, () => this.close(viewer, "attach_timeout"));
  }
}
