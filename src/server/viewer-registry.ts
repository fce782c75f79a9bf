import type { Role } from "../protocol/index.js";
import type { Viewer } from "../relay/types.js";

/** One connected viewer, for people; times in milliseconds since 1970. */
export interface ViewerInfo {
  readonly id: string;
  readonly role: Role;
  readonly carrier: string;
  readonly address: string;
  readonly connected_at: number;
  /** Produced units that this viewer has not been sent yet. */
  readonly lag_chars: number;
}

/** A carrier's connection, as far as the server ends it. */
export interface Connection {
  readonly viewer: Viewer;
  /** The session it came with, so that a disconnected browser does not come back by itself. */
  readonly sessionId: string | undefined;
  /** False from the moment it is being ended, though its peer may still have to answer. */
  readonly isOpen: boolean;
  /** Tells the peer why and ends the connection. May be called again. */
  end(code: number, reason: string): void;
  /** Cuts it. */
  cut(): void;
}

/** Who is connected, over WebSocket and SSE alike. */
export class ViewerRegistry {
  readonly maxViewers: number;
  readonly #connections = new Set<Connection>();
  #onEmpty: (() => void) | null = null;

  constructor(maxViewers: number) {
    this.maxViewers = maxViewers;
  }

  get isFull(): boolean {
    return this.#connections.size >= this.maxViewers && this.#open().length >= this.maxViewers;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  /** The carrier calls this once the connection is gone. */
  remove(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    connection.viewer.detach();
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  list(): ViewerInfo[] {
    return this.#open().map(({ viewer }) => ({
      id: viewer.id,
      role: viewer.role,
      carrier: viewer.carrier,
      address: viewer.address,
      connected_at: viewer.connectedAt,
      lag_chars: viewer.lagChars,
    }));
  }

  find(id: string): Connection | undefined {
    return this.#open().find((connection) => connection.viewer.id === id);
  }

  #open(): Connection[] {
    return [...this.#connections].filter((connection) => connection.isOpen);
  }

  endAll(code: number, reason: string): void {
    for (const connection of [...this.#connections]) connection.end(code, reason);
  }

  cutAll(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }

  /** Resolves when nobody is connected any more. */
  whenEmpty(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }
}
