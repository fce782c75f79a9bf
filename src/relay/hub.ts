/**
 * The relay: text and events in, frames for viewers out. What it holds does not grow with viewers or with time, and
 * no viewer can slow an agent or another viewer.
 *
 *     const hub = new Hub({ clock, describe, onCommand });
 *     hub.emit({ type: "stream_started", … });  hub.append(streamId, "text");  hub.emit({ type: "stream_complete", … });
 *     const viewer = hub.addViewer(sink, { role: "watch", carrier: "websocket" });
 *     viewer.receive(message);  viewer.drained();  viewer.detach();
 */
import {
  type Attach,
  type Cancel,
  ERRORS,
  type ErrorCode,
  type Hello,
  PROTOCOL_VERSION,
  type Publish,
  type Reply,
  type SequencedMessage,
  type ServerMessage,
  type ViewerMessage,
} from "../protocol/index.js";
import { nextBatch } from "./catch-up.js";
import { createCounters, type HubCounters } from "./counters.js";
import { FlushClock } from "./flush-clock.js";
import { FlushPlan } from "./flush-plan.js";
import { HubViewer, type ViewerHost } from "./hub-viewer.js";
import {
  ACK_TIMEOUT_MS,
  ATTACH_TIMEOUT_MS,
  FLUSH_INTERVAL_MS,
  MAX_FRAME_BYTES,
  PROGRESS_INTERVAL_MS,
  RETAINED_UNITS,
} from "./limits.js";
import { RelayStore, type StoreLimits } from "./relay-store.js";
import type { RelayStream } from "./relay-stream.js";
import type { Clock, CommandHandler, HubEvent, Viewer, ViewerOptions, ViewerSink } from "./types.js";
import { ViewerGroups } from "./viewer-groups.js";

export type HubDescription = Pick<Hello, "server" | "runtime_mode" | "agents" | "artifact_types" | "flock">;

export interface HubOptions {
  readonly clock: Clock;
  /** What `hello` tells, asked once per connection. */
  readonly describe: () => HubDescription;
  /** Without it, commands are answered with `forbidden`. Must not throw; a rejection is told as `internal`. */
  readonly onCommand?: CommandHandler;
  /** A random id by default. */
  readonly epoch?: string;
  readonly limits?: StoreLimits;
  /**
   * Told at each flush and catch-up: how old the oldest text was that went out, in milliseconds, and to how many
   * viewers. For the lag histogram.
   */
  readonly onLag?: (lagMs: number, viewers: number) => void;
}

/** So many events are flushed without waiting for the clock. */
const MAX_PENDING_EVENTS = 2_000;

/** Stands for the events in the flush clock, beside the streams. */
const EVENTS = Symbol("events");

export class Hub implements ViewerHost {
  readonly epoch: string;
  readonly counters: HubCounters = createCounters();
  readonly store: RelayStore;
  readonly #options: HubOptions;
  readonly #clock: Clock;
  readonly #flushClock: FlushClock<RelayStream | typeof EVENTS>;
  readonly #viewers = new Set<HubViewer>();
  readonly #groups = new ViewerGroups();
  readonly #behind = new Set<HubViewer>();
  readonly #timers = new Set<unknown>();
  readonly #progress = new Set<RelayStream>();
  #progressAt = 0;
  #progressTimer: unknown = null;
  #evictTimer: unknown = null;
  #pending: SequencedMessage[] = [];
  #flushing = false;
  #closed = false;
  #viewerCount = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.epoch = options.epoch ?? crypto.randomUUID();
    this.store = new RelayStore(options.limits);
    this.#flushClock = new FlushClock({
      clock: options.clock,
      // Many viewers make a flush dear: then even quiet streams share one. A few milliseconds for a few viewers.
      gapMs: () => Math.min(FLUSH_INTERVAL_MS, Math.max(2, this.#groups.size / 10)),
      flush: (due) => this.#flush(due),
    });
  }

  get viewers(): readonly Viewer[] {
    return [...this.#viewers];
  }

  /** Tells an event to every viewer, in order. Returns its `seq`, or null for an event that cannot be. Never throws. */
  emit(event: HubEvent): number | null {
    if (this.#closed) return null;
    const recorded = this.store.record(event, this.#clock.now());
    if (recorded === null) return null;
    this.#pending.push(recorded);
    this.counters.eventsRecorded += 1;
    if (recorded.type === "stream_started") this.counters.streamsStarted += 1;
    if (recorded.type === "stream_complete") this.#scheduleEviction();
    if (this.#pending.length >= MAX_PENDING_EVENTS && !this.#flushing) this.#flush([]);
    else this.#flushClock.touch(EVENTS);
    return recorded.seq;
  }

  /** The hot path: text of an open stream. Text of a stream that is not open is dropped. */
  append(streamId: string, text: string): void {
    const stream = this.store.streams.get(streamId);
    if (stream === undefined || stream.complete !== null || this.#closed) return;
    const before = stream.log.length;
    stream.log.append(text);
    const added = stream.log.length - before;
    if (added === 0) return;
    const now = this.#clock.now();
    stream.lastTextAt = now;
    stream.firstTextAt ??= now;
    stream.dirtySince ??= now;
    this.counters.unitsAppended += added;
    this.#flushClock.touch(stream);
  }

  /** A new connection. `hello` is sent at once; the viewer is closed with 4408 unless it attaches within 10 s. */
  addViewer<Frame>(sink: ViewerSink<Frame>, options: ViewerOptions): Viewer {
    this.#viewerCount += 1;
    const viewer = new HubViewer(this, `v${this.#viewerCount}`, sink, options, this.#clock.now());
    if (this.#closed) {
      this.#close(viewer, "shutting_down");
      return viewer;
    }
    this.#viewers.add(viewer);
    this.counters.viewersAdded += 1;
    this.#sendAlone(viewer, [this.#hello(viewer)]);
    viewer.attachTimer = this.#later(ATTACH_TIMEOUT_MS, () => this.#close(viewer, "attach_timeout"));
    return viewer;
  }

  /** Flushes everything to the viewers that can take it, then closes them all with 1001. Later calls do nothing. */
  shutdown(): void {
    if (this.#closed) return;
    this.#flush(this.#flushClock.takeAll());
    this.#closed = true;
    for (const viewer of [...this.#viewers]) this.#close(viewer, "shutting_down");
    this.#flushClock.dispose();
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  // ── what viewers ask ──

  received(viewer: HubViewer, message: ViewerMessage): void {
    switch (message.type) {
      case "attach":
        this.#attach(viewer, message);
        break;
      case "focus":
        if (viewer.inStep) this.#fallOut(viewer);
        viewer.focus = message.streams === null ? null : new Set(message.streams);
        this.#pump(viewer);
        break;
      case "ack":
        viewer.acknowledge(message.chars);
        this.#cancel(viewer.ackTimer);
        viewer.ackTimer = null;
        this.#pump(viewer);
        break;
      default:
        void this.#command(viewer, message);
    }
  }

  drained(viewer: HubViewer): void {
    this.#pump(viewer);
  }

  detached(viewer: HubViewer): void {
    viewer.gone = true;
    this.#viewers.delete(viewer);
    this.#groups.delete(viewer);
    this.#behind.delete(viewer);
    this.#cancel(viewer.attachTimer);
    this.#cancel(viewer.ackTimer);
  }

  lagOf(viewer: HubViewer): number {
    let lag = 0;
    if (!viewer.attached) return lag;
    for (const stream of this.store.live)
      if (viewer.follows(stream.id)) lag += Math.max(0, stream.log.length - viewer.position(stream));
    return lag;
  }

  // ── flushing ──

  #flush(due: Iterable<RelayStream | typeof EVENTS>): void {
    const { store } = this;
    const now = this.#clock.now();
    this.#flushing = true;
    for (const viewer of [...this.#groups.notReady()]) this.#fallOut(viewer);
    const streams: RelayStream[] = [];
    for (const key of due) if (key !== EVENTS) streams.push(key);
    const events = this.#pending;
    this.#pending = [];
    if (events.length > 0) this.#flushClock.flushed(EVENTS);
    const plan = new FlushPlan(events, streams, this.#takeProgress(streams, now), store.streams, now);
    const oldest = plan.oldestText();
    if (oldest !== null) this.#options.onLag?.(now - oldest, this.#groups.size);
    this.#groups.send(plan, this.counters);
    plan.commit();
    store.flushedSeq = events[events.length - 1]?.seq ?? store.flushedSeq;
    for (const stream of plan.ended) {
      store.live.delete(stream);
      this.#progress.delete(stream);
      this.#flushClock.forget(stream);
    }
    this.counters.flushes += 1;
    this.#flushing = false;
    for (const viewer of [...this.#behind]) this.#pump(viewer);
  }

  /** The streams whose progress is due to be told to those who do not follow them. */
  #takeProgress(due: readonly RelayStream[], now: number): RelayStream[] {
    if (!this.#groups.anyFocused) {
      this.#progress.clear();
      return [];
    }
    for (const stream of due) this.#progress.add(stream);
    if (this.#progress.size === 0) return [];
    const wait = this.#progressAt + PROGRESS_INTERVAL_MS - now;
    if (wait > 0) {
      this.#progressTimer ??= this.#later(wait, () => {
        this.#progressTimer = null;
        this.#flush([]);
      });
      return [];
    }
    this.#progressAt = now;
    const taken = [...this.#progress];
    this.#progress.clear();
    return taken;
  }

  // ── viewers in and out of step ──

  #attach(viewer: HubViewer, attach: Attach): void {
    this.#cancel(viewer.attachTimer);
    if (this.#pending.length > 0) this.#flush([]);
    this.#groups.delete(viewer);
    const { store } = this;
    const sameEpoch = attach.epoch === this.epoch;
    viewer.takeCursors(attach, sameEpoch);
    const since = sameEpoch ? attach.since_seq : undefined;
    const retained = since !== undefined && since + 1 >= store.events.floor && since <= store.flushedSeq;
    viewer.eventCursor = retained ? since : 0;
    viewer.rebuildTo = retained ? 0 : store.flushedSeq;
    viewer.syncing = true;
    viewer.outSince = this.#clock.now();
    viewer.attached = true;
    viewer.inStep = false;
    this.#behind.add(viewer);
    this.#pump(viewer);
  }

  #fallOut(viewer: HubViewer): void {
    const { store } = this;
    for (const stream of store.live)
      if (stream.started.seq <= store.flushedSeq) viewer.held.set(stream.id, viewer.position(stream));
    viewer.eventCursor = store.flushedSeq;
    viewer.rebuildTo = 0;
    viewer.inStep = false;
    viewer.outSince = this.#clock.now();
    this.#groups.delete(viewer);
    this.#behind.add(viewer);
    this.counters.fallOuts += 1;
    this.#watchAcks(viewer);
  }

  /** Sends a viewer out of step what it lacks, as long as it is ready; once it lacks nothing, it is in step again. */
  #pump(viewer: HubViewer): void {
    if (!viewer.attached || viewer.inStep || viewer.gone || viewer.pumping || this.#flushing) return;
    viewer.pumping = true;
    for (let done = false; !done && !viewer.gone; ) {
      if (!viewer.ready) {
        this.#watchAcks(viewer);
        break;
      }
      const batch = nextBatch(this.store, viewer);
      done = batch.done;
      viewer.countSent(batch.units);
      this.counters.unitsSent += batch.units;
      this.counters.resets += batch.resets;
      if (batch.messages.length > 0) this.#sendAlone(viewer, batch.messages);
      if (done) this.#join(viewer);
    }
    viewer.pumping = false;
  }

  #join(viewer: HubViewer): void {
    const held = new Map<string, number>();
    for (const stream of this.store.live)
      if (!viewer.follows(stream.id)) held.set(stream.id, viewer.held.get(stream.id) ?? 0);
    viewer.held = held;
    for (const id of [...viewer.partial]) if (!this.store.streams.has(id)) viewer.partial.delete(id);
    viewer.inStep = true;
    this.#behind.delete(viewer);
    this.#groups.add(viewer);
    this.counters.catchUps += 1;
    this.#options.onLag?.(this.#clock.now() - viewer.outSince, 1);
  }

  #watchAcks(viewer: HubViewer): void {
    if (!viewer.awaitsAck || viewer.ackTimer !== null) return;
    viewer.ackTimer = this.#later(ACK_TIMEOUT_MS, () => this.#close(viewer, "attach_timeout"));
  }

  // ── one viewer ──

  #hello(viewer: HubViewer): Hello {
    return {
      type: "hello",
      protocol: PROTOCOL_VERSION,
      ...this.#options.describe(),
      epoch: this.epoch,
      role: viewer.role,
      limits: {
        retained_chars: this.#options.limits?.retainedChars ?? RETAINED_UNITS,
        flush_interval_ms: FLUSH_INTERVAL_MS,
        max_frame_bytes: MAX_FRAME_BYTES,
      },
    };
  }

  async #command(viewer: HubViewer, command: Publish | Cancel): Promise<void> {
    this.counters.commands += 1;
    const reply = await this.#answer(viewer, command);
    if (!viewer.gone) this.#sendAlone(viewer, [{ type: "reply", request_id: command.request_id, ...reply }]);
  }

  async #answer(viewer: HubViewer, command: Publish | Cancel): Promise<Omit<Reply, "type" | "request_id">> {
    const { onCommand } = this.#options;
    if (viewer.role !== "control" || onCommand === undefined)
      return { ok: false, error: { code: "forbidden", message: "This link may watch, not steer" } };
    try {
      return await onCommand(command);
    } catch {
      return { ok: false, error: { code: "internal", message: ERRORS.internal.title } };
    }
  }

  #sendAlone(viewer: HubViewer, messages: readonly ServerMessage[]): void {
    const frames = viewer.sink.encoder.encode(messages);
    this.counters.privateEncodes += 1;
    this.counters.framesSent += frames.length;
    for (const frame of frames) viewer.sink.send(frame);
  }

  #close(viewer: HubViewer, code: ErrorCode): void {
    const kind = ERRORS[code];
    this.detached(viewer);
    viewer.sink.close("close" in kind ? kind.close : 1011, kind.title);
  }

  // ── time ──

  #scheduleEviction(): void {
    if (this.#evictTimer !== null && !this.store.tooMany) return;
    this.#cancel(this.#evictTimer);
    this.#evictTimer = null;
    const before = this.store.streams.size;
    const now = this.#clock.now();
    const next = this.store.evict(now);
    this.counters.streamsEvicted += before - this.store.streams.size;
    if (next === null) return;
    this.#evictTimer = this.#later(Math.max(1, next - now), () => {
      this.#evictTimer = null;
      this.#scheduleEviction();
    });
  }

  /** A timer that does not keep the process alive, and that `shutdown` ends. */
  #later(ms: number, callback: () => void): unknown {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
    if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function")
      timer.unref();
    return timer;
  }

  #cancel(timer: unknown): void {
    if (timer === null) return;
    this.#timers.delete(timer);
    this.#clock.clearTimeout(timer);
  }
}
