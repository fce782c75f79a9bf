import {
  type FinishReason,
  isStepCount,
  Output,
  type OutputInterface,
  streamText,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import type { RunContext } from "../../core/context.js";
import type { AgentTool, EngineAgent, EvalInputs, EvalResult, Usage } from "../../core/engine.js";
import { FlockError } from "../../core/errors.js";
import { cancelled } from "../cancelled.js";
import { sdkSchema, sdkTools, toolCallLine, toolErrorLine } from "./agent-tools.js";
import type { CallLimits, ProviderModel } from "./guarded-call.js";
import { guardModel } from "./guarded-model.js";
import { type OutputPlan, planOutput, readDrafts } from "./output-plan.js";
import { writePrompt } from "./prompt.js";
import { type FaultWords, providerFault } from "./provider-faults.js";
import { StreamWriter } from "./stream-writer.js";

// Warnings would go to standard output, where NDJSON goes.
globalThis.AI_SDK_LOG_WARNINGS = false;

const LENIENT = { strictJsonSchema: false };

export interface ModelCall {
  readonly model: ProviderModel;
  readonly words: FaultWords;
  readonly limits: CallLimits;
  readonly tools: readonly AgentTool[];
  /** Milliseconds that one tool call may take. */
  readonly toolTimeout: number;
  /** Requests of one run at most: each round of tools is one more. */
  readonly maxSteps: number;
}

/** Runs one model call: text to the stream as it arrives, outputs at the end. Every fault is a `FlockError`. */
export async function callModel(
  call: ModelCall,
  agent: EngineAgent,
  context: RunContext,
  inputs: EvalInputs,
): Promise<EvalResult> {
  if (context.signal.aborted) throw cancelled(context.signal);
  const plan = planOutput(inputs.output);
  const writer = new StreamWriter(context.stream, plan);
  const request = new AbortController();
  const onAbort = () => request.abort();
  context.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const tools = sdkTools(call.tools, request.signal, { clock: context.clock, timeout: call.toolTimeout });
    const result = streamText({
      model: guardModel(call.model, context, call.limits, call.words),
      ...writePrompt(agent, inputs, plan),
      abortSignal: request.signal,
      maxRetries: 0,
      onError: () => {},
      ...(plan.kind === "json" && { output: rawOutput(plan) }),
      ...(call.tools.length > 0 && { tools, stopWhen: isStepCount(call.maxSteps) }),
      // Strict mode refuses schemas with optional fields; the orchestrator checks the outputs anyway.
      providerOptions: { openai: LENIENT, openaiCompatible: LENIENT },
    });
    const usage = await follow(result.stream, writer, call);
    if (context.signal.aborted) throw cancelled(context.signal);
    return { outputs: readOutputs(plan, writer), ...(usage !== undefined && { usage }) };
  } catch (error) {
    throw context.signal.aborted ? cancelled(context.signal) : providerFault(error, call.words, true);
  } finally {
    context.signal.removeEventListener("abort", onAbort);
    request.abort();
  }
}

async function follow(
  parts: AsyncIterable<TextStreamPart<ToolSet>>,
  writer: StreamWriter,
  call: ModelCall,
): Promise<Usage | undefined> {
  let finished: Extract<TextStreamPart<ToolSet>, { type: "finish" }> | undefined;
  try {
    for await (const part of parts) {
      switch (part.type) {
        case "start-step":
          writer.beginStep();
          break;
        case "text-delta":
          writer.text(part.text);
          break;
        case "tool-call":
          writer.line(toolCallLine(part.toolName, part.input));
          break;
        case "tool-error":
          writer.line(toolErrorLine(part.toolName, part.error));
          break;
        case "error":
          throw part.error;
        case "finish-step":
          checkFinish(part.finishReason, call.words.provider);
          break;
        case "finish":
          finished = part;
          break;
      }
    }
  } finally {
    writer.end();
  }
  if (finished === undefined) throw noFinish(call.words.provider);
  if (finished.finishReason === "tool-calls") {
    throw new FlockError("engine_error", `${call.words.provider}: No answer after ${call.maxSteps} rounds of tools.`);
  }
  const { inputTokens, outputTokens, totalTokens } = finished.totalUsage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(totalTokens !== undefined && { totalTokens }),
  };
}

function checkFinish(reason: FinishReason, provider: string): void {
  switch (reason) {
    case "length":
      throw new FlockError(
        "output_truncated",
        `${provider}: The model reached its length limit. The text so far is kept.`,
      );
    case "content-filter":
      throw new FlockError(
        "content_filter",
        `${provider}: Its content filter stopped the text. The text so far is kept.`,
      );
    case "interrupted":
      throw noFinish(provider);
    case "error":
      throw new FlockError("engine_error", `${provider}: The model ended with an error. The text so far is kept.`);
    default:
  }
}

function noFinish(provider: string): FlockError {
  return new FlockError("no_finish", `${provider}: The stream ended without a finish. The text so far is kept.`);
}

function readOutputs(plan: OutputPlan, writer: StreamWriter): EvalResult["outputs"] {
  if (plan.kind === "json") return readDrafts(plan, writer.json);
  return plan.type === undefined ? [] : [{ type: plan.type, payload: { text: writer.answer } }];
}

/** Asks for the schema's JSON, and leaves the reading to us: the SDK would parse the whole text again with every delta. */
function rawOutput(plan: Extract<OutputPlan, { kind: "json" }>): OutputInterface<string, number, never> {
  const name = plan.wanted
    .map(({ type }) => type.name)
    .join("_")
    .replace(/[^A-Za-z0-9_-]/g, "_")
    .slice(0, 64);
  return {
    name: "object",
    responseFormat: Output.object({ schema: sdkSchema(plan.schema), name }).responseFormat,
    parseCompleteOutput: async ({ text }) => text,
    // A new value lets the text pass; an unchanged one would hold it back until the end.
    parsePartialOutput: async ({ text }) => ({ partial: text.length }),
    createElementStreamTransform: () => undefined,
  };
}
