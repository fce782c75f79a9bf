import { type Artifact, EXTERNAL } from "./artifact.js";
import type { Clock } from "./clock.js";
import type { BatchOptions } from "./subscription.js";
import type { PartialBatch, Workflow } from "./workflow.js";

/**
 * How long a batch without a timeout that was fed from outside waits for more, in milliseconds since the last item:
 * nobody knows whether more will come, and the workflow has to end some time.
 */
const LINGER = 1_000;

/** What a batch gives, once it is due. */
export type FireBatch = (artifacts: readonly Artifact[], workflow: Workflow) => void;

/** Gathers complete matches of one workflow until there are `size` of them or `timeout` has passed since the first. */
export class Batcher {
  readonly #size: number;
  readonly #timeout: number | undefined;
  readonly #clock: Clock;
  readonly #fire: FireBatch;
  readonly #open = new WeakMap<Workflow, OpenBatch>();

  constructor({ size, timeout }: BatchOptions, clock: Clock, fire: FireBatch) {
    this.#size = size ?? Number.POSITIVE_INFINITY;
    this.#timeout = timeout;
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Returns the whole batch when this match fills it. */
  add(match: readonly Artifact[], workflow: Workflow): readonly Artifact[] | undefined {
    const batch = this.#open.get(workflow) ?? this.#begin(workflow);
    batch.add(match);
    if (batch.size < this.#size) {
      if (this.#timeout === undefined && batch.mayGrow) batch.flushIn(LINGER);
      return undefined;
    }
    batch.discard();
    return batch.artifacts;
  }

  #begin(workflow: Workflow): OpenBatch {
    const close = () => {
      this.#open.delete(workflow);
      workflow.batches.delete(batch);
    };
    const batch = new OpenBatch(this.#clock, close, (artifacts) => this.#fire(artifacts, workflow));
    if (this.#timeout !== undefined) batch.flushIn(this.#timeout);
    this.#open.set(workflow, batch);
    workflow.batches.add(batch);
    return batch;
  }
}

class OpenBatch implements PartialBatch {
  readonly artifacts: Artifact[] = [];
  size = 0;
  mayGrow = false;
  readonly #clock: Clock;
  readonly #close: () => void;
  readonly #fire: (artifacts: readonly Artifact[]) => void;
  #timer: unknown;

  constructor(clock: Clock, close: () => void, fire: (artifacts: readonly Artifact[]) => void) {
    this.#clock = clock;
    this.#close = close;
    this.#fire = fire;
  }

  add(match: readonly Artifact[]): void {
    this.artifacts.push(...match);
    this.size++;
    this.mayGrow ||= match.some((artifact) => artifact.producedBy === EXTERNAL);
  }

  /** In place of an earlier time. */
  flushIn(ms: number): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.flush(), ms);
  }

  flush(): void {
    this.discard();
    this.#fire(this.artifacts);
  }

  discard(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#close();
  }
}
