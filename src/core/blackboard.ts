import type { Artifact } from "./artifact.js";
import type { Clock } from "./clock.js";
import type { BoardView } from "./context.js";
import { isVisible, type Onlooker } from "./visibility.js";

export type BoardFilter = NonNullable<Parameters<BoardView["list"]>[0]>;

const NONE: readonly Artifact[] = [];

/** Every artifact of a flock, indexed so that adding and finding do not slow as it grows. Its own view is unfiltered. */
export class Blackboard implements BoardView {
  readonly #clock: Clock;
  readonly #byId = new Map<string, Artifact>();
  readonly #byType = new Map<string, Artifact[]>();
  readonly #byWorkflow = new Map<string, Artifact[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(artifact: Artifact): void {
    this.#byId.set(artifact.id, artifact);
    append(this.#byType, artifact.type, artifact);
    append(this.#byWorkflow, artifact.correlationId, artifact);
  }

  get(id: string): Artifact | undefined {
    return this.#byId.get(id);
  }

  /** In the order of publication. */
  list(filter: BoardFilter = {}): readonly Artifact[] {
    return this.#candidates(filter).filter((artifact) => matches(artifact, filter));
  }

  /** How many there are of a type, at no cost. */
  count(type: string): number {
    return this.#byType.get(type)?.length ?? 0;
  }

  /** What one agent may see; a hidden artifact looks absent. */
  viewFor(onlooker: Onlooker): BoardView {
    const sees = (artifact: Artifact) => isVisible(artifact, onlooker, this.#clock.now());
    return Object.freeze({
      get: (id: string) => {
        const found = this.#byId.get(id);
        return found !== undefined && sees(found) ? found : undefined;
      },
      list: (filter?: BoardFilter) => this.list(filter).filter(sees),
    });
  }

  #candidates(filter: BoardFilter): readonly Artifact[] {
    const byType = filter.type === undefined ? undefined : (this.#byType.get(filter.type) ?? NONE);
    const byWorkflow =
      filter.correlationId === undefined ? undefined : (this.#byWorkflow.get(filter.correlationId) ?? NONE);
    if (byType && byWorkflow) return byType.length < byWorkflow.length ? byType : byWorkflow;
    return byType ?? byWorkflow ?? [...this.#byId.values()];
  }
}

function append(index: Map<string, Artifact[]>, key: string, artifact: Artifact): void {
  const list = index.get(key);
  if (list) list.push(artifact);
  else index.set(key, [artifact]);
}

function matches(artifact: Artifact, filter: BoardFilter): boolean {
  return (
    (filter.type === undefined || artifact.type === filter.type) &&
    (filter.correlationId === undefined || artifact.correlationId === filter.correlationId) &&
    (filter.producedBy === undefined || artifact.producedBy === filter.producedBy) &&
    (filter.tag === undefined || artifact.tags.includes(filter.tag))
  );
}
