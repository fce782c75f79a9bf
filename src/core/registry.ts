import { FlockError } from "./errors.js";
import { RecentIds } from "./recent-ids.js";

const REMEMBERED = 10_000;

/** What is under way, by id; and for a while, which ids are over. */
export class Registry<T> {
  readonly #what: string;
  readonly #live = new Map<string, T>();
  readonly #over = new RecentIds(REMEMBERED);

  constructor(what: string) {
    this.#what = what;
  }

  get size(): number {
    return this.#live.size;
  }

  get all(): readonly T[] {
    return [...this.#live.values()];
  }

  get(id: string): T | undefined {
    return this.#live.get(id);
  }

  add(id: string, item: T): void {
    this.#live.set(id, item);
  }

  remove(id: string): void {
    this.#live.delete(id);
    this.#over.add(id);
  }

  /** Throws `conflict` if it is over, `not_found` if it never was (or long ago). */
  require(id: string): T {
    const item = this.#live.get(id);
    if (item !== undefined) return item;
    throw this.#over.has(id)
      ? new FlockError("conflict", `The ${this.#what} ${id} is over already`)
      : new FlockError("not_found", `There is no ${this.#what} ${id}`);
  }
}
