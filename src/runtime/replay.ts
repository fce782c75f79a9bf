/** Plays a recording to viewers: they follow a hub, as ever, on which everything happens once more. */
import { type Clock, systemClock } from "../core/index.js";
import { type Entry, Recording, type RecordingSummary, type TextEntry } from "../history/index.js";
import { type Hello, helloSchema } from "../protocol/index.js";
import { Hub } from "../relay/index.js";

export const REPLAY_SPEEDS = [1, 2, 4, 16, 64] as const;

/** Times are those of the recording, in milliseconds since 1970. */
export interface ReplayState {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  /** Recorded seconds in a second. */
  readonly speed: number;
  readonly isPlaying: boolean;
}

export interface ReplayOptions {
  /** The hub is another one after a seek: viewers have to follow. Told before anything is played to it. */
  readonly onHub: (hub: Hub) => void;
  /** Something else than time has moved: played, paused, another speed, a stretch left out, the end. */
  readonly onChange: () => void;
  readonly clock?: Clock;
}

const TICK_MS = 50;
/** A stretch without any stream, longer than this, is left out … */
const IDLE_MS = 3_000;
/** … but for so much. */
const PAUSE_BEFORE_MS = 800;
const PAGE_UNITS = 256 * 1024;
/** Text of one stream that a viewer gets after a seek, in UTF-16 units. */
const RETAINED_UNITS = 4 * 1024 * 1024;

export class Replay {
  readonly summary: RecordingSummary;
  readonly #recording: Recording;
  readonly #hello: Hello;
  readonly #options: ReplayOptions;
  readonly #clock: Clock;
  readonly #from: number;
  #hub: Hub;
  #entries: Entry[] = [];
  #next: number | null = 0;
  /** Streams that are open at this moment, by id. */
  readonly #open = new Map<string, string>();
  /** How many units of each stream have been played or told missing. */
  readonly #heard = new Map<string, number>();
  #at: number;
  #speed = 1;
  #isPlaying = false;
  #tickedAt = 0;
  #timer: unknown = null;
  /** Grows with every seek: an older one that still works gives up. */
  #turn = 0;
  #isSeeking = false;
  #isClosed = false;

  private constructor(recording: Recording, options: ReplayOptions) {
    this.#recording = recording;
    this.summary = recording.summary();
    this.#hello = helloSchema.parse(JSON.parse(this.summary.hello));
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // A session may have waited for its first artifact for hours.
    this.#from = this.#peek()?.at ?? this.summary.started_at;
    this.#at = this.#from;
    this.#hub = this.#newHub();
  }

  /** Stands at the beginning. Rejects with `RecordingError`. */
  static async open(file: string, options: ReplayOptions): Promise<Replay> {
    const recording = await Recording.open(file);
    try {
      return new Replay(recording, options);
    } catch (error) {
      recording.close();
      throw error;
    }
  }

  get hub(): Hub {
    return this.#hub;
  }

  get state(): ReplayState {
    const { last_at: to } = this.summary;
    return { from: this.#from, to, at: Math.min(this.#at, to), speed: this.#speed, isPlaying: this.#isPlaying };
  }

  /** From the beginning again, if it had come to its end. */
  async play(): Promise<void> {
    if (this.#isPlaying || this.#isClosed) return;
    this.#isPlaying = true;
    if (!this.#isSeeking) {
      // Once it is there, it plays on.
      if (this.#isOver()) await this.#goTo(this.#from);
      else this.#wait();
    }
    this.#options.onChange();
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#stop();
    this.#options.onChange();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#options.onChange();
  }

  /** Resolves when viewers have what had happened by then, unless another seek came in between. */
  async seek(at: number): Promise<void> {
    if (this.#isClosed) return;
    await this.#goTo(at);
    this.#options.onChange();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#turn += 1;
    this.#stop();
    this.#hub.shutdown();
    this.#recording.close();
  }

  #newHub(): Hub {
    const { server, runtime_mode, agents, artifact_types, flock } = this.#hello;
    return new Hub({
      clock: this.#clock,
      describe: () => ({ server, runtime_mode, agents, artifact_types, ...(flock && { flock: { name: flock.name } }) }),
      textTime: () => this.#at,
      limits: {
        retainedChars: RETAINED_UNITS,
        completedRetentionMs: Number.MAX_SAFE_INTEGER,
        maxCompletedStreams: Number.MAX_SAFE_INTEGER,
      },
    });
  }

  #stop(): void {
    this.#isPlaying = false;
    this.#clearTimer();
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #goTo(at: number): Promise<void> {
    const turn = ++this.#turn;
    this.#isSeeking = true;
    this.#clearTimer();
    if (at < this.#at) this.#rewind();
    // A page at a time, so that whatever else this process does goes on.
    while (this.#playUntil(at)) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (turn !== this.#turn) return;
    }
    this.#isSeeking = false;
    this.#at = Math.max(this.#at, Math.min(at, this.summary.last_at));
    if (this.#isOver()) {
      this.#stop();
      this.#endOpenStreams();
    } else if (this.#isPlaying) this.#wait();
  }

  #rewind(): void {
    this.#entries = [];
    this.#next = 0;
    this.#open.clear();
    this.#heard.clear();
    this.#at = this.#from;
    const old = this.#hub;
    this.#hub = this.#newHub();
    this.#options.onHub(this.#hub);
    old.shutdown();
  }

  #wait(): void {
    this.#clearTimer();
    this.#tickedAt = this.#clock.now();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      if (this.#isPlaying) this.#tick();
    }, TICK_MS);
  }

  /** What cannot be read any more ends it: the file may have gone, or be damaged. */
  #tick(): void {
    try {
      this.#playOn();
    } catch {
      this.#stop();
      this.#options.onChange();
    }
  }

  #playOn(): void {
    const now = this.#clock.now();
    const until = this.#at + (now - this.#tickedAt) * this.#speed;
    // What is left of a page comes with the next tick.
    const hasMore = this.#playUntil(until);
    if (!hasMore) this.#at = until;
    if (this.#isOver()) {
      this.#stop();
      this.#endOpenStreams();
      this.#options.onChange();
      return;
    }
    if (!hasMore) this.#skipIdle();
    this.#wait();
  }

  #skipIdle(): void {
    const next = this.#peek();
    if (next === undefined || this.#open.size > 0 || next.at - this.#at < IDLE_MS) return;
    this.#at = next.at - PAUSE_BEFORE_MS;
    this.#options.onChange();
  }

  #isOver(): boolean {
    return this.#peek() === undefined;
  }

  #peek(): Entry | undefined {
    if (this.#entries.length === 0 && this.#next !== null) {
      const page = this.#recording.entries(this.#next, PAGE_UNITS);
      this.#entries = [...page.entries].reverse();
      this.#next = page.next;
    }
    return this.#entries[this.#entries.length - 1];
  }

  /** Plays at most a page. Returns whether there is more before that time. */
  #playUntil(at: number): boolean {
    let entry = this.#peek();
    const ofPage = this.#next;
    while (entry !== undefined && entry.at <= at) {
      if (this.#next !== ofPage) return true;
      this.#entries.pop();
      this.#at = Math.max(this.#at, entry.at);
      this.#play(entry);
      entry = this.#peek();
    }
    return false;
  }

  #play(entry: Entry): void {
    if ("text" in entry) {
      this.#playText(entry);
      return;
    }
    const { event } = entry;
    if (event.type === "stream_started") this.#open.set(event.stream_id, event.agent_name);
    if (event.type === "stream_complete") this.#open.delete(event.stream_id);
    this.#hub.emit(event);
  }

  /** Where the disk did not keep up, text is missing: that is said in its place. */
  #playText({ stream_id, offset, text }: TextEntry): void {
    const missing = offset - (this.#heard.get(stream_id) ?? 0);
    if (missing > 0) this.#hub.append(stream_id, `\n\n[${missing} characters were not recorded]\n\n`);
    this.#hub.append(stream_id, text);
    this.#heard.set(stream_id, offset + text.length);
  }

  /** Streams of a process that was cut off, or that still goes on. */
  #endOpenStreams(): void {
    for (const [stream_id, agent_name] of this.#open) {
      this.#hub.emit({
        type: "stream_complete",
        stream_id,
        agent_name,
        status: "failed",
        duration: 0,
        error: { code: "shutting_down", message: "The recording ends here" },
        timestamp: this.#at,
      });
    }
    this.#open.clear();
  }
}
