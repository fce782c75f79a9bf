import type { ViewState } from "../../protocol/view-state.js";

const EVERY = "*";
const DELAY_MS = 80;
/** A stream this young has not told yet whether its tile is on screen; it counts as seen, so that its text comes at once. */
const YOUNG_MS = 1_500;

export interface StreamFocusOptions {
  readonly view: ViewState;
  /** Ids of the streams that some tile shows. */
  readonly held: () => readonly string[];
  /** Whether the text of every stream is wanted, seen or not. */
  readonly readsAll: () => boolean;
  /** Whether the page is unseen, and wants counters only. */
  readonly isHidden: () => boolean;
  readonly serverNow: () => number;
  readonly send: (message: { readonly type: "focus"; readonly streams: string[] | null }) => void;
}

/** Tells the server which streams are on screen, once that has settled. */
export class StreamFocus {
  readonly #options: StreamFocusOptions;
  #sent: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StreamFocusOptions) {
    this.#options = options;
  }

  /** What is on screen may have changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, DELAY_MS);
  }

  /** The other side knows no focus yet. */
  anew(): void {
    this.#sent = EVERY;
    this.#tell();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const streams = this.#options.isHidden() ? [] : this.#seen();
    const key = streams === null ? EVERY : streams.join(" ");
    if (key === this.#sent) return;
    this.#sent = key;
    this.#options.send({ type: "focus", streams });
  }

  /**
   * Null while every live stream is seen, so that one that starts next is seen from its first unit, and while a filter
   * looks into the text of all.
   */
  #seen(): string[] | null {
    const { view, held, readsAll, serverNow } = this.#options;
    if (readsAll()) return null;
    const seen = new Set(held());
    let all = true;
    let young = false;
    for (const stream of view.streams.values()) {
      if (stream.status !== "live" || seen.has(stream.id)) continue;
      if (serverNow() - stream.started.started_at < YOUNG_MS) {
        seen.add(stream.id);
        young = true;
      } else all = false;
    }
    if (young) setTimeout(() => this.changed(), YOUNG_MS);
    return all ? null : [...seen].sort();
  }
}
