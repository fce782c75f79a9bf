import { untilAborted } from "./cancellation.js";
import type { Clock } from "./clock.js";
import type { Emitter } from "./emitter.js";
import { outcomeOf } from "./fault.js";
import type { Gate } from "./gate.js";
import { Registry } from "./registry.js";
import { type PartialBatch, Workflow } from "./workflow.js";

/** Finished workflows that are remembered. */
const KEPT_FINISHED = 1_000;

/** Opens, counts and finishes workflows, and knows when the flock is idle. */
export class WorkflowBook {
  readonly #clock: Clock;
  readonly #emitter: Emitter;
  readonly #open = new Registry<Workflow>("workflow");
  readonly #finished = new Map<string, Workflow>();
  /** Half-filled gates of workflows that are remembered no longer: more may be published into them. */
  readonly #halfFilled = new Map<string, readonly Gate[]>();
  /** Who waits for the end, and lets no batch wait for more. */
  #idleWaiters: (() => void)[] = [];
  #idleListeners: (() => void)[] = [];
  readonly #onIdle: () => void;

  constructor(clock: Clock, emitter: Emitter, onIdle: () => void) {
    this.#clock = clock;
    this.#emitter = emitter;
    this.#onIdle = onIdle;
  }

  get idle(): boolean {
    return this.#open.size === 0;
  }

  get open(): readonly Workflow[] {
    return this.#open.all;
  }

  get known(): readonly Workflow[] {
    return [...this.#finished.values(), ...this.#open.all];
  }

  /** The running workflow of this id; a new or finished one is started. */
  enter(correlationId: string): Workflow {
    const running = this.#open.get(correlationId);
    if (running) return running;
    const now = this.#clock.now();
    const workflow = new Workflow(correlationId, now);
    const gates = this.#finished.get(correlationId)?.gates ?? this.#halfFilled.get(correlationId) ?? [];
    for (const gate of gates) workflow.gates.add(gate);
    this.#finished.delete(correlationId);
    this.#halfFilled.delete(correlationId);
    this.#open.add(correlationId, workflow);
    this.#emitter.emit({ type: "workflow_started", correlationId, timestamp: now });
    return workflow;
  }

  /** The workflow of this id that runs or is over and still remembered. */
  find(correlationId: string): Workflow | undefined {
    return this.#open.get(correlationId) ?? this.#finished.get(correlationId);
  }

  /** The running workflow of this id. Throws `conflict` if it is over, `not_found` if it never was. */
  require(correlationId: string): Workflow {
    return this.#open.require(correlationId);
  }

  hold(workflow: Workflow): void {
    workflow.pending++;
  }

  release(workflow: Workflow): void {
    workflow.pending--;
    this.settle(workflow);
  }

  /** Finishes the workflow if nothing of it is left; partial batches go first. */
  settle(workflow: Workflow): void {
    if (workflow.pending > 0 || workflow.status !== "running") return;
    while (this.#resume(workflow)) if (workflow.pending > 0) return;
    if (workflow.batches.size === 0) this.#finish(workflow);
  }

  /** Resolves when nothing is running or scheduled. Until then no batch waits for more. */
  untilIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    const waiting = new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    for (const workflow of this.open) this.settle(workflow);
    return waiting;
  }

  /** Resolves when nothing is running or scheduled. Batches wait for more as ever. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  /** Takes up what was put off. Whether there was anything. */
  #resume(workflow: Workflow): boolean {
    const { deferred } = workflow;
    workflow.deferred = [];
    const due = deferred.length > 0 ? [] : this.#dueBatches(workflow);
    this.hold(workflow);
    for (const again of deferred) {
      const done = again();
      if (!(done instanceof Promise)) continue;
      this.hold(workflow);
      void untilAborted(done, workflow.signal)
        .catch(() => {})
        .then(() => this.release(workflow));
    }
    for (const batch of due) batch.flush();
    workflow.pending--;
    return deferred.length + due.length > 0;
  }

  /** Partial batches that wait in vain, or whose time is up because somebody waits for the end. */
  #dueBatches(workflow: Workflow): readonly PartialBatch[] {
    return [...workflow.batches].filter((batch) => !batch.mayGrow || this.#idleWaiters.length > 0);
  }

  #finish(workflow: Workflow): void {
    const { correlationId } = workflow;
    const now = this.#clock.now();
    workflow.disarm();
    const ownStatus = workflow.anyFailed ? "failed" : "completed";
    const status = workflow.stopped ? outcomeOf(workflow.stopped) : ownStatus;
    workflow.status = status;
    workflow.duration = (now - workflow.startedAt) / 1000;
    this.#open.remove(correlationId);
    this.#keep(workflow);
    this.#emitter.emit({
      type: "workflow_finished",
      correlationId,
      status,
      duration: workflow.duration,
      timestamp: now,
    });
    if (this.idle) this.#tellIdle();
  }

  #keep(workflow: Workflow): void {
    this.#finished.set(workflow.correlationId, workflow);
    if (this.#finished.size <= KEPT_FINISHED) return;
    const [oldest] = this.#finished;
    if (!oldest) return;
    const [correlationId, { gates }] = oldest;
    this.#finished.delete(correlationId);
    const halfFilled = [...gates].filter((gate) => gate.holds(correlationId));
    for (const gate of gates) if (!halfFilled.includes(gate)) gate.forget(correlationId);
    if (halfFilled.length > 0) this.#halfFilled.set(correlationId, halfFilled);
  }

  #tellIdle(): void {
    const waiters = [...this.#idleWaiters, ...this.#idleListeners];
    this.#idleWaiters = [];
    this.#idleListeners = [];
    this.#onIdle();
    for (const resolve of waiters) resolve();
  }
}
