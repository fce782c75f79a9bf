import type { OutputStream } from "./context.js";
import type { Emitter } from "./emitter.js";
import type { Usage } from "./engine.js";
import type { Fault, FlockEvent, Outcome } from "./events.js";

export type StreamOpening = Omit<Extract<FlockEvent, { type: "stream_started" }>, "type">;
export interface StreamEnding {
  readonly status: Outcome;
  readonly usage?: Usage | undefined;
  readonly error?: Fault | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A stream that an engine writes to. After `end` nothing more is taken. */
export interface OpenStream extends OutputStream {
  end(ending: StreamEnding): void;
}

/**
 * Tells the outside about streams. With parallel streaming each is told as it happens. Without it one is live at a
 * time: the others are kept back whole, and are told after the live one has ended; the oldest that still runs
 * then takes over with its text so far.
 */
export class StreamDesk {
  readonly #emitter: Emitter;
  readonly #parallel: () => boolean;
  #live = 0;
  #held: HeldStream[] = [];

  constructor(emitter: Emitter, parallel: () => boolean) {
    this.#emitter = emitter;
    this.#parallel = parallel;
  }

  /** Streams that have been told as started and not yet as complete. */
  get live(): number {
    return this.#live;
  }

  open(opening: StreamOpening): OpenStream {
    const stream = new HeldStream(opening, this.#emitter, () => this.#ended(stream));
    if (this.#parallel() || this.#live === 0) this.#goLive(stream);
    else this.#held.push(stream);
    return stream;
  }

  /** Tells all that was kept back, once streams may be parallel. */
  catchUp(): void {
    if (this.#parallel()) for (const stream of this.#tellFinished()) this.#goLive(stream);
  }

  #goLive(stream: HeldStream): void {
    this.#live++;
    stream.goLive();
  }

  #ended(stream: HeldStream): void {
    if (!stream.isLive) return;
    this.#live--;
    stream.tellEnd();
    if (this.#held.length === 0 || this.#live > 0) return;
    const [next, ...rest] = this.#tellFinished();
    this.#held = rest;
    if (next) this.#goLive(next);
  }

  /** Tells what ended while it was kept back, and returns what still runs: nothing is kept back now. */
  #tellFinished(): HeldStream[] {
    const held = this.#held;
    this.#held = [];
    for (const finished of held.filter((other) => other.hasEnded).sort((a, b) => a.endOrder - b.endOrder)) {
      finished.goLive();
      finished.tellEnd();
    }
    return held.filter((other) => !other.hasEnded);
  }
}

let ends = 0;

class HeldStream implements OpenStream {
  readonly id: string;
  length = 0;
  isLive = false;
  endOrder = 0;
  readonly #opening: StreamOpening;
  readonly #emitter: Emitter;
  readonly #onEnd: () => void;
  #heldText: string[] = [];
  #ending: StreamEnding | undefined;

  constructor(opening: StreamOpening, emitter: Emitter, onEnd: () => void) {
    this.id = opening.streamId;
    this.#opening = opening;
    this.#emitter = emitter;
    this.#onEnd = onEnd;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  append(text: string): void {
    if (this.#ending !== undefined || text.length === 0) return;
    this.length += text.length;
    if (this.isLive) this.#emitter.emit({ type: "stream_text", streamId: this.id, text });
    else this.#heldText.push(text);
  }

  end(ending: StreamEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.endOrder = ++ends;
    this.#onEnd();
  }

  goLive(): void {
    this.isLive = true;
    this.#emitter.emit({ type: "stream_started", ...this.#opening });
    if (this.#heldText.length === 0) return;
    const text = this.#heldText.join("");
    this.#heldText = [];
    this.#emitter.emit({ type: "stream_text", streamId: this.id, text });
  }

  tellEnd(): void {
    const ending = this.#ending;
    if (ending === undefined) return;
    this.#emitter.emit({
      type: "stream_complete",
      streamId: this.id,
      agentName: this.#opening.agentName,
      status: ending.status,
      duration: (ending.timestamp - this.#opening.startedAt) / 1000,
      ...(ending.usage && { usage: ending.usage }),
      ...(ending.error && { error: ending.error }),
      timestamp: ending.timestamp,
    });
  }
}
