/** The flock that is open, and what happens when another file is opened in its place. */
import type { ViewerHub } from "./ipc-transport.js";
import type { Opened, Rejection } from "./running-flock.js";

/** What a session needs of a running flock. */
export interface SessionRuntime {
  readonly name: string;
  readonly hub: ViewerHub;
  shutdown(): Promise<void>;
}

export interface SessionOptions<R extends SessionRuntime> {
  readonly open: (path: string) => Promise<{ ok: true; runtime: R } | Extract<Opened, { ok: false }>>;
  /** Asked before a flock with live streams is replaced. */
  readonly mayReplace: () => Promise<boolean>;
  /** The open flock or the rejected file has changed. */
  readonly onChange: () => void;
  /** Every viewer and server of the old flock has to follow the new one; the old one shuts down after that. */
  readonly onOpened: (runtime: R, path: string) => Promise<void> | void;
}

export interface OpenFlock<R> {
  readonly path: string;
  readonly runtime: R;
}

export type OpenResult = "opened" | "rejected" | "kept";

export class FlockSession<R extends SessionRuntime> {
  readonly #options: SessionOptions<R>;
  #current: OpenFlock<R> | undefined;
  #rejected: Rejection | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: SessionOptions<R>) {
    this.#options = options;
  }

  get current(): OpenFlock<R> | undefined {
    return this.#current;
  }

  get rejected(): Rejection | undefined {
    return this.#rejected;
  }

  /** Opens a file in place of the present one; a faulty file leaves the present flock running. One after the other. */
  open(path: string): Promise<OpenResult> {
    const turn = this.#queue.then(() => this.#open(path));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Says again that a file could not be opened, after another one was opened in its stead. */
  showRejected(rejection: Rejection): void {
    this.#rejected = rejection;
    this.#options.onChange();
  }

  dismissRejected(): void {
    this.#rejected = undefined;
    this.#options.onChange();
  }

  async shutdown(): Promise<void> {
    await this.#queue;
    await this.#current?.runtime.shutdown();
  }

  async #open(path: string): Promise<OpenResult> {
    const opened = await this.#options.open(path);
    if (!opened.ok) {
      this.#rejected = opened.rejection;
      this.#options.onChange();
      return "rejected";
    }
    const previous = this.#current;
    if (previous !== undefined && !(await this.#options.mayReplace())) {
      await opened.runtime.shutdown();
      return "kept";
    }
    this.#current = { path, runtime: opened.runtime };
    this.#rejected = undefined;
    await this.#options.onOpened(opened.runtime, path);
    this.#options.onChange();
    await previous?.runtime.shutdown();
    return "opened";
  }
}
