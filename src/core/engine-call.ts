import type { Artifact } from "./artifact.js";
import { Cancellation, untilAborted } from "./cancellation.js";
import type { AgentComponent } from "./component.js";
import type { OutputStream } from "./context.js";
import { deepFreeze } from "./deep-freeze.js";
import type { Engine, EvalInputs, EvalResult, OutputDraft, Usage } from "./engine.js";
import { FlockError } from "./errors.js";
import { faultOf, outcomeOf, toFlockError } from "./fault.js";
import { passThrough } from "./hooks.js";
import type { Kernel } from "./kernel.js";
import { checkOutput } from "./output-check.js";
import type { OutputGroup } from "./output-group.js";
import { modelOf } from "./provider-gate.js";
import type { Run } from "./run.js";
import { CallContext, RunScope, tellWaiting } from "./run-context.js";
import { PUBLIC } from "./seal.js";
import { addUsage } from "./usage.js";

/** What one engine call brought; its stream has ended. */
export type CallResult =
  | { readonly ok: true; readonly drafts: readonly OutputDraft[]; readonly usage: Usage | undefined }
  | { readonly ok: false; readonly error: FlockError; readonly usage: Usage | undefined };

export interface CallRequest {
  readonly kernel: Kernel;
  readonly run: Run;
  readonly group: OutputGroup;
  readonly artifacts: readonly Artifact[];
  readonly attempt: number;
  readonly feedback: string | undefined;
  readonly components: readonly AgentComponent[];
  readonly componentFailed: (component: AgentComponent, error: unknown) => void;
}

/** One attempt at one output group, with a stream of its own. Never throws. */
export async function callEngine(request: CallRequest): Promise<CallResult> {
  const { kernel, run, group } = request;
  const { agent } = run;
  const cancellation = new Cancellation(run.cancellation.signal);
  const stream = kernel.streams.open({
    streamId: kernel.ids(),
    agentName: agent.name,
    runId: run.id,
    correlationId: run.workflow.correlationId,
    attempt: request.attempt,
    artifactType: group.types.join(", "),
    model: agent.model,
    consumedArtifacts: run.artifacts.map((artifact) => artifact.id),
    startedAt: kernel.clock.now(),
  });
  kernel.calls.add(stream.id, cancellation);
  const { signal } = cancellation;
  let usage: Usage | undefined;
  try {
    const types = group.types.map((name) => {
      const type = kernel.typeOf(name);
      if (!type) throw new FlockError("unknown_type", `${agent.name} publishes ${name}, which is not a known type`);
      return type;
    });
    const engines = kernel.enginesOf(agent);
    const output = { types, fanOut: group.fanOut };
    const call = { kernel, run, engines, signal, stream };
    const drafts = await untilAborted(
      evaluate(request, call, output, (counted) => {
        usage = counted;
      }),
      signal,
    );
    stream.end({ status: "completed", usage, timestamp: kernel.clock.now() });
    return { ok: true, drafts, usage };
  } catch (thrown) {
    const error = toFlockError(thrown, "engine_error");
    stream.end({ status: outcomeOf(error), usage, error: faultOf(error), timestamp: kernel.clock.now() });
    return { ok: false, error, usage };
  } finally {
    kernel.calls.remove(stream.id);
  }
}

/** What the engines of one call share. */
interface ChainCall {
  readonly kernel: Kernel;
  readonly run: Run;
  readonly engines: readonly Engine[];
  readonly signal: AbortSignal;
  readonly stream: OutputStream;
}

async function evaluate(
  request: CallRequest,
  call: ChainCall,
  output: EvalInputs["output"],
  counted: (usage: Usage | undefined) => void,
): Promise<readonly OutputDraft[]> {
  const { kernel, run, group, artifacts, attempt, feedback } = request;
  const scope = request.components.length > 0 ? new RunScope(kernel, run, call.signal) : undefined;
  const inputs = await passThrough<AgentComponent, EvalInputs>(
    request.components,
    { artifacts, output, attempt, ...(feedback !== undefined && { feedback }) },
    (component, value) => scope && component.preEvaluate?.(run.agent, scope, value),
    request.componentFailed,
  );
  const made = await runChain(call, inputs);
  counted(made.usage);
  const result = await passThrough<AgentComponent, EvalResult>(
    request.components,
    made,
    (component, value) => scope && component.postEvaluate?.(run.agent, scope, inputs, value),
    request.componentFailed,
  );
  return checkOutput(group, output.types, result, artifacts);
}

/**
 * Each engine gets the outputs of the one before; one that makes none hands on what it was given. Where text is made, only
 * the last one's is heard, so that the stream is that text.
 */
async function runChain(call: ChainCall, inputs: EvalInputs): Promise<EvalResult> {
  let artifacts = inputs.artifacts;
  let result: EvalResult = { outputs: [], partial: true };
  let usage: Usage | undefined;
  for (const [index, engine] of call.engines.entries()) {
    const isLast = index === call.engines.length - 1;
    const isHeard = isLast || !inputs.output.types.some((type) => type.isText);
    result = await runEngine(isHeard ? call : { ...call, stream: muted(call.stream) }, engine, {
      ...inputs,
      artifacts,
    });
    usage = addUsage(usage, result.usage);
    if (result.outputs.length > 0) artifacts = result.outputs.map((draft) => handOver(call.kernel, call.run, draft));
  }
  return { ...result, ...(usage && { usage }) };
}

/** Holds a place at the engine's own provider while it works. */
async function runEngine(call: ChainCall, engine: Engine, inputs: EvalInputs): Promise<EvalResult> {
  const { kernel, run, signal, stream } = call;
  const { name, description, model, tools } = run.agent;
  const provided = modelOf(engine, run.agent);
  const leave = await kernel.providers.enter(provided, signal, (why, until) => tellWaiting(kernel, run, why, until));
  try {
    const context = new CallContext(kernel, run, signal, stream, provided);
    return await untilAborted(engine.evaluate({ name, description, model, tools }, context, inputs), signal);
  } finally {
    leave();
  }
}

/** Takes text and tells nobody. */
function muted({ id }: OutputStream): OutputStream {
  let length = 0;
  return {
    id,
    get length() {
      return length;
    },
    append(text) {
      length += text.length;
    },
  };
}

/** What one engine of a chain made, as the next one sees it; it is not on the board. */
function handOver(kernel: Kernel, run: Run, draft: OutputDraft): Artifact {
  return Object.freeze({
    id: kernel.ids(),
    type: draft.type,
    payload: deepFreeze(draft.payload),
    producedBy: run.agent.name,
    correlationId: run.workflow.correlationId,
    tags: Object.freeze([]),
    visibility: PUBLIC,
    version: 1,
    createdAt: kernel.clock.now(),
  });
}
