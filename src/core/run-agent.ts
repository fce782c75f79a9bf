import type { Artifact } from "./artifact.js";
import { reasonOf, unlessAborted, untilAborted } from "./cancellation.js";
import type { AgentComponent } from "./component.js";
import type { OutputDraft, Usage } from "./engine.js";
import { FlockError } from "./errors.js";
import { outcomeOf, toFlockError } from "./fault.js";
import { withGrace } from "./grace.js";
import { callEach, inOrder, passThrough, synchronous } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import { NO_OUTPUT, type OutputGroup } from "./output-group.js";
import { gravest, type ProduceRequest, produce, type RunFault, tellSurvived } from "./produce.js";
import type { Run, RunResult } from "./run.js";
import { RunScope } from "./run-context.js";
import { addUsage } from "./usage.js";

/** Carries out one run from `agent_activated` to `agent_completed` or `agent_error`. Never throws. */
export async function runAgent(kernel: Kernel, run: Run): Promise<RunResult> {
  const { agent, workflow } = run;
  const { correlationId } = workflow;
  const activatedAt = kernel.clock.now();
  kernel.emitter.emit({
    type: "agent_activated",
    runId: run.id,
    agentName: agent.name,
    correlationId,
    consumedTypes: [...new Set(run.artifacts.map((artifact) => artifact.type))],
    consumedArtifacts: run.artifacts.map((artifact) => artifact.id),
    producedTypes: agent.publishes,
    timestamp: activatedAt,
  });
  const steps = new RunSteps(kernel, run);
  const deadline = steps.armDeadline();
  let outcome: RunOutcome;
  try {
    outcome = await steps.carryOut();
  } catch (thrown) {
    outcome = { artifacts: [], usage: undefined, fault: { error: toFlockError(thrown, "internal"), attempt: 1 } };
  }
  const { artifacts, usage } = outcome;
  const failure = outcome.fault?.error;
  if (failure) await steps.lastHook((component) => component.error?.(agent, steps.scope, failure));
  await steps.lastHook((component) => component.terminate?.(agent, steps.scope));
  kernel.clock.clearTimeout(deadline);
  const fault = outcome.fault ?? steps.cancelled;
  const error = fault?.error;
  const now = kernel.clock.now();
  if (fault) kernel.tell({ ...fault, agentName: agent.name, correlationId, runId: run.id });
  else {
    kernel.emitter.emit({
      type: "agent_completed",
      runId: run.id,
      agentName: agent.name,
      correlationId,
      duration: (now - activatedAt) / 1000,
      artifactsProduced: artifacts.map((artifact) => artifact.id),
      ...(usage && { usage }),
      timestamp: now,
    });
  }
  const status = error ? outcomeOf(error) : "completed";
  return { runId: run.id, correlationId, status, artifacts, ...(error && { error }) };
}

interface RunOutcome {
  readonly artifacts: readonly Artifact[];
  readonly usage: Usage | undefined;
  readonly fault?: RunFault | undefined;
}

class RunSteps {
  readonly scope: RunScope;
  readonly #kernel: Kernel;
  readonly #run: Run;
  readonly #components: readonly AgentComponent[];

  constructor(kernel: Kernel, run: Run) {
    this.#kernel = kernel;
    this.#run = run;
    this.#components = inOrder(run.agent.components);
    this.scope = new RunScope(kernel, run, run.cancellation.signal);
  }

  armDeadline(): unknown {
    const { agent, cancellation } = this.#run;
    const { deadline } = agent;
    if (deadline === undefined) return undefined;
    const late = new FlockError("timeout", `${agent.name} took longer than ${deadline / 1000} s`);
    return this.#kernel.clock.setTimeout(() => cancellation.cancel(late), deadline);
  }

  async carryOut(): Promise<RunOutcome> {
    const { agent } = this.#run;
    const artifacts = this.#components.length === 0 ? this.#run.artifacts : await this.#prepare();
    const groups = agent.outputs.length > 0 ? agent.outputs : [NO_OUTPUT];
    const products = await Promise.all(groups.map((group) => this.#fulfil(group, artifacts)));
    const usage = products.reduce<Usage | undefined>((sum, product) => addUsage(sum, product.usage), undefined);
    const fault = this.#faultOf(products);
    return { artifacts: products.flatMap((product) => product.artifacts), usage, ...(fault && { fault }) };
  }

  async #prepare(): Promise<readonly Artifact[]> {
    const { agent, artifacts, cancellation } = this.#run;
    await untilAborted(
      this.hook((component) => component.initialize?.(agent, this.scope)),
      cancellation.signal,
    );
    const prepared = passThrough<AgentComponent, readonly Artifact[]>(
      this.#components,
      artifacts,
      (component, value) => component.preConsume?.(agent, this.scope, value),
      this.#componentFailed,
    );
    return untilAborted(Promise.resolve(prepared), cancellation.signal);
  }

  /** Calls one hook of every component, for its effect only. */
  async hook(call: (component: AgentComponent) => unknown): Promise<void> {
    if (this.#components.length > 0) await callEach(this.#components, call, this.#componentFailed);
  }

  /** A hook that is called even when the run is cancelled: one that does not end is then left behind. */
  lastHook(call: (component: AgentComponent) => unknown): Promise<void> {
    return this.hook((component) => withGrace(call(component), this.#kernel.clock, this.#run.cancellation.signal));
  }

  async #fulfil(group: OutputGroup, artifacts: readonly Artifact[]): Promise<RunOutcome> {
    const kernel = this.#kernel;
    const run = this.#run;
    const { signal } = run.cancellation;
    const { drafts, usage, fault } = await produce({ ...this.#request, artifacts }, group);
    const published: Artifact[] = [];
    for (const draft of drafts) {
      if (signal.aborted) break;
      if (!this.#wanted(group, draft)) continue;
      const artifact = await unlessAborted(kernel.publishOutput(run, group, draft), run.cancellation);
      if (!artifact) continue;
      published.push(artifact);
      const told = this.hook((component) => component.postPublish?.(run.agent, this.scope, artifact));
      await unlessAborted(told, run.cancellation);
    }
    return { artifacts: published, usage, ...(fault && { fault }) };
  }

  /** Why the run was stopped, if it was. */
  get cancelled(): RunFault | undefined {
    const { signal } = this.#run.cancellation;
    return signal.aborted ? { error: reasonOf(signal), attempt: 1 } : undefined;
  }

  /**
   * The run ends as it was told to, whatever came of it. Otherwise it fails with any of its groups; that a stream of it
   * was cancelled counts only if nothing came of the others.
   */
  #faultOf(outcomes: readonly RunOutcome[]): RunFault | undefined {
    const { cancelled } = this;
    const faults = outcomes.flatMap((outcome) => outcome.fault ?? []);
    const worst = cancelled ?? gravest(faults);
    for (const fault of faults) if (fault.error !== worst?.error) tellSurvived(this.#request, fault);
    if (cancelled) return cancelled;
    const isOver = worst && (outcomeOf(worst.error) === "failed" || faults.length === outcomes.length);
    return isOver ? worst : undefined;
  }

  get #request(): ProduceRequest {
    const run = this.#run;
    return {
      kernel: this.#kernel,
      run,
      artifacts: run.artifacts,
      components: this.#components,
      componentFailed: this.#componentFailed,
    };
  }

  #wanted(group: OutputGroup, draft: OutputDraft): boolean {
    if (!group.where) return true;
    try {
      return Boolean(synchronous(group.where(draft)));
    } catch (thrown) {
      this.#tell(toFlockError(thrown, "predicate_error"));
      return false;
    }
  }

  readonly #componentFailed = (component: AgentComponent, thrown: unknown): void => {
    const { message } = toFlockError(thrown, "component_error");
    this.#tell(new FlockError("component_error", `${component.name}: ${message}`, { cause: thrown }));
  };

  /** A fault that the run survives. */
  #tell(error: FlockError): void {
    const { id, agent, workflow } = this.#run;
    const { correlationId } = workflow;
    this.#kernel.tell({ error, agentName: agent.name, correlationId, runId: id, willRetry: true });
  }
}
