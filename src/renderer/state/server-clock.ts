import type { DesktopState } from "../../protocol/desktop.js";
import type { ServerMessage } from "../../protocol/messages.js";

type Replay = NonNullable<DesktopState["replay"]>;

/** Differences below this are the way that a message takes. */
const SAME_CLOCK_MS = 250;

/** The time where the streams are: another machine's clock may be off, and a replay has a time of its own. */
export class ServerClock {
  readonly #now: () => number;
  #skew = 0;
  #replay: { readonly state: Replay; readonly toldAt: number } | null = null;

  /** @param now milliseconds since 1970, by this machine */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#replay === null ? this.#now() + this.#skew : replayTime(this.#replay, this.#now());
  }

  /** The nearest we have seen the server's clock to ours, so that ages are right on a machine whose clock is off. */
  measure(messages: readonly ServerMessage[]): void {
    const last = messages.at(-1);
    if (this.#replay !== null || (last?.type !== "stream_chunk" && last?.type !== "stream_progress")) return;
    const skew = last.timestamp - this.#now();
    if (this.#skew === 0 || Math.abs(skew) < Math.abs(this.#skew))
      this.#skew = Math.abs(skew) < SAME_CLOCK_MS ? 0 : skew;
  }

  /** From now on the time is that of this replay; null for a flock that runs. */
  follow(state: Replay | null): void {
    this.#replay = state === null ? null : { state, toldAt: this.#now() };
  }
}

/** Where a replay is now that was told about at `toldAt`, both by this machine's clock. */
export function replayTime({ state, toldAt }: { state: Replay; toldAt: number }, now: number): number {
  const { at, to, speed, playing } = state;
  return playing ? Math.min(to, at + Math.max(0, now - toldAt) * speed) : at;
}
