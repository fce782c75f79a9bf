import type { Clock } from "./clock.js";
import type { AgentContext } from "./component.js";
import { Context, type OutputStream, type RunContext } from "./context.js";
import type { Kernel } from "./kernel.js";
import type { Run } from "./run.js";

/** What an agent's hooks see: the board as the agent sees it, and the run. */
export class RunScope extends Context implements AgentContext {
  readonly runId: string;
  readonly signal: AbortSignal;

  constructor(kernel: Kernel, run: Run, signal: AbortSignal) {
    super({
      board: kernel.board.viewFor(run.agent),
      runtimeMode: kernel.context.runtimeMode,
      metadata: kernel.context.metadata,
      correlationId: run.workflow.correlationId,
      console: kernel.console,
    });
    this.runId = run.id;
    this.signal = signal;
    if (new.target === RunScope) Object.freeze(this);
  }
}

/** What one engine call sees. */
export class CallContext extends RunScope implements RunContext {
  readonly stream: OutputStream;
  readonly clock: Clock;
  readonly #kernel: Kernel;
  readonly #run: Run;
  readonly #model: string;

  /** `model`: whose provider is meant by `waitForProvider`. */
  constructor(kernel: Kernel, run: Run, signal: AbortSignal, stream: OutputStream, model: string) {
    super(kernel, run, signal);
    this.stream = stream;
    this.clock = kernel.clock;
    this.#kernel = kernel;
    this.#run = run;
    this.#model = model;
    Object.freeze(this);
  }

  async waitForProvider(reason: string, until: number): Promise<void> {
    tellWaiting(this.#kernel, this.#run, reason, until);
    this.#kernel.providers.block(this.#model, until);
    await this.#kernel.providers.sleepUntil(until, this.signal);
  }
}

export function tellWaiting(kernel: Kernel, run: Run, reason: string, until: number): void {
  kernel.emitter.emit({
    type: "agent_waiting",
    runId: run.id,
    agentName: run.agent.name,
    correlationId: run.workflow.correlationId,
    reason,
    until,
    timestamp: kernel.clock.now(),
  });
}
