import type { Artifact } from "./artifact.js";
import { untilAborted } from "./cancellation.js";
import type { AgentComponent } from "./component.js";
import type { OutputDraft, Usage } from "./engine.js";
import { callEngine } from "./engine-call.js";
import type { FlockError } from "./errors.js";
import { outcomeOf, toFlockError } from "./fault.js";
import type { Kernel } from "./kernel.js";
import type { OutputGroup } from "./output-group.js";
import type { Run } from "./run.js";
import { addUsage } from "./usage.js";

/** How often an output that does not fit is made again. */
const MAX_RETRIES = 2;

export interface ProduceRequest {
  readonly kernel: Kernel;
  readonly run: Run;
  readonly artifacts: readonly Artifact[];
  readonly components: readonly AgentComponent[];
  readonly componentFailed: (component: AgentComponent, error: unknown) => void;
}

/** The drafts of one output group, ready to be published, or why there are none. */
export interface Product {
  readonly drafts: readonly OutputDraft[];
  readonly usage: Usage | undefined;
  readonly fault?: RunFault;
}

/** What ended an attempt. */
export interface RunFault {
  readonly error: FlockError;
  readonly attempt: number;
}

/**
 * Makes the output of one group, by one candidate or the best of several. Tells every fault but the one it returns,
 * which may be the run's last. Never throws.
 */
export async function produce(request: ProduceRequest, group: OutputGroup): Promise<Product> {
  const { run } = request;
  const wanted = run.agent.bestOf?.candidates ?? 1;
  const candidates = await Promise.all(Array.from({ length: wanted }, () => attempts(request, group)));
  const usage = candidates.reduce<Usage | undefined>((sum, candidate) => addUsage(sum, candidate.usage), undefined);
  const good = candidates.filter((candidate) => candidate.fault === undefined);
  const faults = candidates.flatMap((candidate) => candidate.fault ?? []);
  const fault = good.length > 0 ? undefined : gravest(faults);
  for (const other of faults) if (other !== fault) tellSurvived(request, other);
  const best = good.length > 1 ? await highest(request, group, good) : good[0];
  return best ? { drafts: best.drafts, usage } : { drafts: [], usage, ...(fault && { fault }) };
}

/** The first failure; only where there is none, the first cancellation. */
export function gravest(faults: readonly RunFault[]): RunFault | undefined {
  return faults.find(({ error }) => outcomeOf(error) === "failed") ?? faults[0];
}

/** Tells a fault that the run goes on after; that something was cancelled its stream tells. */
export function tellSurvived({ kernel, run }: ProduceRequest, { error, attempt }: RunFault): void {
  if (outcomeOf(error) === "cancelled") return;
  const { correlationId } = run.workflow;
  kernel.tell({ error, agentName: run.agent.name, correlationId, runId: run.id, attempt, willRetry: true });
}

/** One candidate: made again with the validator's words while it does not fit. */
async function attempts(request: ProduceRequest, group: OutputGroup): Promise<Product> {
  let usage: Usage | undefined;
  let feedback: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const result = await callEngine({ ...request, group, attempt, feedback });
    usage = addUsage(usage, result.usage);
    if (result.ok) return { drafts: result.drafts, usage };
    const { error } = result;
    const mayRetry = group.types.length > 0 && (error.code === "invalid_output" || error.code === "output_rejected");
    if (!mayRetry || attempt > MAX_RETRIES) return { drafts: [], usage, fault: { error, attempt } };
    tellSurvived(request, { error, attempt });
    feedback = error.message;
  }
}

async function highest(
  request: ProduceRequest,
  group: OutputGroup,
  candidates: readonly Product[],
): Promise<Product | undefined> {
  let best: Product | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const score = await scoreOf(request, group, candidate);
    if (best !== undefined && !(score > bestScore)) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
}

/** A scorer that fails puts its candidate last. */
async function scoreOf(request: ProduceRequest, group: OutputGroup, candidate: Product): Promise<number> {
  const { kernel, run, artifacts } = request;
  const types = group.types.flatMap((name) => kernel.typeOf(name) ?? []);
  try {
    const result = { outputs: candidate.drafts, ...(candidate.usage && { usage: candidate.usage }) };
    const inputs = { artifacts, output: { types, fanOut: group.fanOut }, attempt: 1 };
    const scored = Promise.resolve(run.agent.bestOf?.scorer(result, inputs));
    const score = await untilAborted(scored, run.cancellation.signal);
    return score === undefined || Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
  } catch (thrown) {
    if (!run.cancellation.signal.aborted)
      tellSurvived(request, { error: toFlockError(thrown, "component_error"), attempt: 1 });
    return Number.NEGATIVE_INFINITY;
  }
}
