import { Cancellation, reasonOf } from "./cancellation.js";
import type { FlockError } from "./errors.js";
import type { Outcome } from "./events.js";
import type { Gate } from "./gate.js";
import type { MaybePromise } from "./hooks.js";
import type { Run } from "./run.js";

/** A batch that waits for more. */
export interface PartialBatch {
  /** Whether more may come although nothing of the workflow runs: some of it was published from outside. */
  readonly mayGrow: boolean;
  flush(): void;
  discard(): void;
}

/** Everything that follows from one published artifact. */
export class Workflow {
  readonly correlationId: string;
  startedAt: number;
  status: Outcome | "running" = "running";
  duration: number | undefined;
  /** Disarms the deadline. */
  disarm = () => {};
  /** What is running, waiting for a slot, or to come at a known time. */
  pending = 0;
  anyFailed = false;
  #cancellation: Cancellation | undefined;
  /** How many runs it has seen. */
  activations = 0;
  /** Runs that wait or are under way. */
  readonly runs = new Set<Run>();
  readonly batches = new Set<PartialBatch>();
  /** Gates that may hold artifacts of it. */
  readonly gates = new Set<Gate>();
  /** Each undoes something that is to come at a known time. */
  readonly timers = new Set<() => void>();
  /** Work to take up again when nothing else is left. */
  deferred: (() => MaybePromise<void>)[] = [];

  constructor(correlationId: string, startedAt: number) {
    this.correlationId = correlationId;
    this.startedAt = startedAt;
  }

  /** Made when it is first asked for: thousands of workflows are remembered, and few ever need one. */
  get signal(): AbortSignal {
    this.#cancellation ??= new Cancellation();
    return this.#cancellation.signal;
  }

  /** Why it was stopped as a whole. */
  get stopped(): FlockError | undefined {
    return this.#cancellation?.signal.aborted ? reasonOf(this.signal) : undefined;
  }

  /** Aborts its signal. */
  stop(reason: FlockError): void {
    this.#cancellation ??= new Cancellation();
    this.#cancellation.cancel(reason);
  }
}

export interface WorkflowInfo {
  readonly correlationId: string;
  readonly status: Outcome | "running";
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Seconds; only when it is over. */
  readonly duration: number | undefined;
}
