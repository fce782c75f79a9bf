import type { FlockEvent, FlockListener } from "./events.js";

/**
 * Hands every event to every listener, in order. An event emitted by a listener is told after the current one, so
 * that all listeners see one order. A listener that throws is reported and harms nobody.
 */
export class Emitter {
  #listeners: readonly FlockListener[] = [];
  #emitting = false;
  readonly #queue: FlockEvent[] = [];

  /** Returns what takes the listener off again. */
  on(listener: FlockListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  emit(event: FlockEvent): void {
    if (this.#emitting) {
      this.#queue.push(event);
      return;
    }
    this.#emitting = true;
    this.#deliver(event);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
    this.#emitting = false;
  }

  #deliver(event: FlockEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        console.error("A listener of flock events failed:", error);
      }
    }
  }
}
