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
  type Hello,
  type InboundMessage,
  PROTOCOL_VERSION,
  type Role,
  type SequencedMessage,
} from "../protocol/index.js";
import { answerCommand } from "./answer-command.js";
import { createCounters, type HubCounters } from "./counters.js";
import { FlushClock } from "./flush-clock.js";
import { FlushPlan } from "./flush-plan.js";
import { HubViewer, type ViewerHost } from "./hub-viewer.js";
import { FLUSH_INTERVAL_MS, MAX_FRAME_BYTES, RETAINED_UNITS } from "./limits.js";
import { PendingEvents } from "./pending-events.js";
import { ProgressSweep } from "./progress-sweep.js";
import { RelayStore, type StoreLimits } from "./relay-store.js";
import type { RelayStream } from "./relay-stream.js";
import { Timers } from "./timers.js";
import type { Clock, CommandHandler, HubEvent, HubRecorder, Viewer, ViewerOptions, ViewerSink } from "./types.js";
import { ViewerSet } from "./viewer-set.js";

export type HubDescription = Pick<Hello, "server" | "runtime_mode" | "agents" | "artifact_types" | "flock">;

export interface HubOptions {
  readonly clock: Clock;
  /** What `hello` tells, asked once per connection. */
  readonly describe: () => HubDescription;
  /** Without it, commands are answered with `forbidden`. A rejection is told as `internal`. */
  readonly onCommand?: CommandHandler;
  /** A random id by default. */
  readonly epoch?: string;
  readonly limits?: StoreLimits;
  /**
   * Told at each flush and catch-up: how old the oldest text was that went out, in milliseconds, and to how many
   * viewers; observers are none. For the lag histogram. Must not throw.
   */
  readonly onLag?: (lagMs: number, viewers: number) => void;
  /** What text is stamped with: the clock's time, unless it is text of another time. */
  readonly textTime?: () => number;
  /** Told everything, whoever watches. */
  readonly recorder?: HubRecorder;
}

/** So many events are flushed without waiting for the clock. */
const MAX_PENDING_EVENTS = 2_000;

/** Stands for the events in the flush clock, beside the streams. */
const EVENTS = Symbol("events");

export class Hub implements ViewerHost {
  readonly epoch: string;
  readonly counters: HubCounters = createCounters();
  /** For reading: streams, events, state. `HubSnapshot` gives it as plain data. */
  readonly store: RelayStore;
  readonly #options: HubOptions;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #flushClock: FlushClock<RelayStream | typeof EVENTS>;
  readonly #viewers: ViewerSet;
  readonly #pending: PendingEvents;
  readonly #progress: ProgressSweep;
  #evictTimer: unknown = null;
  #flushing = false;
  #closed = false;

  constructor(options: HubOptions) {
    const { clock, onLag } = options;
    this.#options = options;
    this.#clock = clock;
    this.epoch = options.epoch ?? crypto.randomUUID();
    this.store = new RelayStore(options.limits);
    this.#pending = new PendingEvents(this.store);
    this.#timers = new Timers(clock);
    this.#progress = new ProgressSweep(this.#timers, () => this.#flush([]));
    const { counters, store } = this;
    this.#viewers = new ViewerSet({ clock, timers: this.#timers, store, counters, ...(onLag && { onLag }) });
    this.#flushClock = new FlushClock({
      clock,
      // Many viewers make a flush dear: then even quiet streams share one. A few milliseconds for a few viewers.
      gapMs: () => Math.min(FLUSH_INTERVAL_MS, Math.max(2, this.#viewers.inStep / 10)),
      flush: (due) => this.#flush(due),
    });
  }

  get viewers(): readonly Viewer[] {
    return [...this.#viewers.all];
  }

  /** Tells an event to every viewer, in order. Returns its `seq`, or null for an event that cannot be. Never throws. */
  emit(event: HubEvent): number | null {
    if (this.#closed) return null;
    const recorded = this.store.record(event, this.#clock.now());
    if (recorded === null) return null;
    this.#record(recorded);
    this.#pending.push(recorded);
    this.counters.eventsRecorded += 1;
    if (recorded.type === "stream_started") this.counters.streamsStarted += 1;
    if (recorded.type === "stream_complete") this.#ended(recorded.stream_id);
    if (this.#pending.length >= MAX_PENDING_EVENTS && !this.#flushing) this.#flush([], "all");
    else this.#flushClock.touch(EVENTS);
    return recorded.seq;
  }

  /** The hot path: text of an open stream. Text of a stream that is not open is dropped. */
  append(streamId: string, text: string): void {
    const stream = this.store.streams.get(streamId);
    if (stream === undefined || stream.complete !== null || this.#closed) return;
    if (this.#options.recorder !== undefined && !this.#makeRoom(stream, text)) return;
    const before = stream.log.length;
    stream.log.append(text);
    const added = stream.log.length - before;
    if (added === 0) return;
    const now = this.#clock.now();
    const told = this.#options.textTime?.() ?? now;
    stream.lastTextAt = told;
    stream.firstTextAt ??= told;
    stream.dirtySince ??= now;
    this.counters.unitsAppended += added;
    this.#flushClock.touch(stream);
  }

  /** A new connection. `hello` is sent at once; the viewer is closed with 4408 unless it attaches within 10 s. */
  addViewer<Frame>(sink: ViewerSink<Frame>, options: ViewerOptions): Viewer {
    const id = `v${this.counters.viewersAdded + 1}`;
    const viewer = new HubViewer(this, id, sink, options, this.#clock.now());
    if (this.#closed) this.#viewers.close(viewer, "shutting_down");
    else this.#viewers.add(viewer, this.hello(viewer.role));
    return viewer;
  }

  /** What a viewer of that role is told first, as of now. */
  hello(role: Role): Hello {
    return {
      type: "hello",
      protocol: PROTOCOL_VERSION,
      ...this.#options.describe(),
      epoch: this.epoch,
      role,
      limits: {
        retained_chars: this.#options.limits?.retainedChars ?? RETAINED_UNITS,
        flush_interval_ms: FLUSH_INTERVAL_MS,
        max_frame_bytes: MAX_FRAME_BYTES,
      },
    };
  }

  /** Closes one viewer, as `code` of the error table says. False if there is none of that id. */
  disconnect(viewerId: string, code: "forbidden" | "unauthenticated" = "forbidden"): boolean {
    for (const viewer of this.#viewers.all) {
      if (viewer.id !== viewerId) continue;
      this.#viewers.close(viewer, code);
      return true;
    }
    return false;
  }

  /** Flushes everything to the viewers that can take it, then closes them all with 1001. Later calls do nothing. */
  shutdown(): void {
    if (this.#closed) return;
    this.#flush(this.#flushClock.takeAll(), "all");
    this.#viewers.finish();
    this.#closed = true;
    for (const viewer of [...this.#viewers.all]) this.#viewers.close(viewer, "shutting_down");
    this.#flushClock.dispose();
    this.#timers.dispose();
  }

  received(viewer: HubViewer, message: InboundMessage): void {
    switch (message.type) {
      case "attach":
        this.#viewers.hold(viewer);
        // What happened before the attach is told before its sync_complete.
        if (this.#pending.length > 0 && this.#viewers.mayAttach(viewer)) this.#flush([], "all");
        this.#viewers.attach(viewer, message, (message.epoch ?? this.epoch) === this.epoch);
        break;
      case "focus":
        this.#viewers.focus(viewer, message.streams);
        break;
      case "ack":
        this.#viewers.acknowledge(viewer, message.chars);
        break;
      case "misfit": {
        const error = { code: "invalid_message", message: message.reason };
        this.#viewers.sendAlone(viewer, [{ type: "reply", request_id: message.request_id, ok: false, error }]);
        break;
      }
      default:
        this.counters.commands += 1;
        void answerCommand(viewer.role, message, this.#options.onCommand).then((reply) => {
          if (!viewer.gone) this.#viewers.sendAlone(viewer, [reply]);
        });
    }
  }

  drained(viewer: HubViewer): void {
    this.#viewers.pump(viewer);
  }

  detached(viewer: HubViewer): void {
    this.#viewers.remove(viewer);
  }

  lagOf(viewer: HubViewer): number {
    let lag = 0;
    if (!viewer.attached) return lag;
    for (const stream of this.store.live)
      if (viewer.follows(stream.id)) lag += Math.max(0, stream.log.length - viewer.position(stream));
    return lag;
  }

  #flush(due: readonly (RelayStream | typeof EVENTS)[], events: "due" | "all" = "due"): void {
    if (this.#flushing || this.#closed) return;
    this.#flushing = true;
    const { store } = this;
    const now = this.#clock.now();
    this.#viewers.beginFlush();
    const flushed = this.#pending.take(
      due.filter((key) => key !== EVENTS),
      events,
    );
    if (flushed.events.length > 0) this.#flushClock.flushed(EVENTS);
    for (const stream of flushed.late) this.#flushClock.flushed(stream);
    if (!this.#viewers.anyFocused) this.#progress.clear();
    const progress = this.#viewers.anyFocused ? this.#progress.take(flushed.streams, now) : [];
    const told = this.#options.textTime?.() ?? now;
    const plan = new FlushPlan(flushed.events, flushed.streams, progress, store.streams, told);
    const oldest = plan.oldestText();
    const { watching } = this.#viewers;
    if (oldest !== null && watching > 0) this.#options.onLag?.(now - oldest, watching);
    this.#viewers.send(plan);
    plan.commit();
    if (this.#options.recorder !== undefined) for (const stream of flushed.streams) this.#recordText(stream);
    store.flushedSeq = flushed.events[flushed.events.length - 1]?.seq ?? store.flushedSeq;
    for (const stream of plan.ended) {
      store.live.delete(stream);
      this.#flushClock.forget(stream);
    }
    this.counters.flushes += 1;
    this.#flushing = false;
    this.#viewers.endFlush();
  }

  #record(event: SequencedMessage): void {
    const { recorder } = this.#options;
    if (recorder === undefined) return;
    if (event.type === "stream_complete") this.#recordText(this.store.streams.get(event.stream_id));
    recorder.event(event);
  }

  /** The recorder is one more cursor over the log, which moves with each flush. */
  #recordText(stream: RelayStream | undefined): void {
    if (stream === undefined || stream.recorded === stream.log.length) return;
    const from = Math.max(stream.recorded, stream.log.start);
    this.#options.recorder?.text(stream.id, from, stream.log.read(from));
    stream.recorded = stream.log.length;
  }

  /**
   * So that no text leaves the log before the recorder has it. False for a text that is longer than half of the log: it
   * has been appended in pieces.
   */
  #makeRoom(stream: RelayStream, text: string): boolean {
    const half = Math.max(2, (this.#options.limits?.retainedChars ?? RETAINED_UNITS) >> 1);
    if (stream.log.length - stream.recorded + text.length <= half) return true;
    this.#recordText(stream);
    if (text.length <= half) return true;
    for (let at = 0; at < text.length; at += half) this.append(stream.id, text.slice(at, at + half));
    return false;
  }

  #ended(streamId: string): void {
    const stream = this.store.streams.get(streamId);
    // Half a surrogate pair may have become text only now.
    if (stream !== undefined && stream.flushed < stream.log.length) this.#flushClock.touch(stream);
    this.#evict();
  }

  /** Lets completed streams go when their time is over, and asks again when the next one is due. */
  #evict(): void {
    if (this.#evictTimer !== null && !this.store.tooMany) return;
    this.#timers.cancel(this.#evictTimer);
    this.#evictTimer = null;
    const before = this.store.streams.size;
    const now = this.#clock.now();
    const next = this.store.evict(now);
    this.counters.streamsEvicted += before - this.store.streams.size;
    if (next === null) return;
    this.#evictTimer = this.#timers.start(Math.max(1, next - now), () => {
      this.#evictTimer = null;
      this.#evict();
    });
  }
}
