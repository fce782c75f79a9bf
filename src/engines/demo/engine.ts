import type { ArtifactType } from "../../core/artifact-type.js";
import type { RunContext } from "../../core/context.js";
import type { Engine, EngineAgent, EvalInputs, EvalResult, OutputDraft, Usage } from "../../core/engine.js";
import { FlockError } from "../../core/errors.js";
import { cancelled } from "../cancelled.js";
import { renderFields } from "../fields/markdown-fields.js";
import { DIVIDER, typeHeading } from "../fields/markdown-writer.js";
import { STALL_TIMEOUT_MS, StallGuard } from "../stall-guard.js";
import { wantedTypes } from "../wanted.js";
import { writeEssay } from "./essay.js";
import { type DemoModel, type FailureKind, parseDemoModel } from "./model-name.js";
import { type Pace, streamPaced } from "./pacing.js";
import { createRandom } from "./random.js";
import { samplePayload } from "./sample.js";
import { firstString, subjectOf } from "./subject.js";
import { readParts, readString, type TextReader } from "./text-reader.js";

/** UTF-16 units of a token, where the model's name does not say. */
const UNITS_PER_TOKEN = 4;

export interface DemoOptions {
  /** Milliseconds without new text that end `demo/fail?how=stall`. */
  readonly stallTimeout?: number;
}

/** A model of the `demo/` family: no key, no network, the same text for the same inputs. Throws `unknown_model`. */
export function createDemoEngine(model: string, options: DemoOptions = {}): Engine {
  const demo = parseDemoModel(model);
  return {
    name: model,
    evaluate: (agent, context, inputs) =>
      demo.kind === "fail"
        ? fail(demo, agent, context, inputs, options.stallTimeout ?? STALL_TIMEOUT_MS)
        : write(demo, agent, context, inputs),
  };
}

/** One output: its text for the stream, and its payload once that text was read. */
interface Part {
  readonly text: TextReader;
  payload(): unknown;
}

async function write(
  demo: Exclude<DemoModel, { kind: "fail" }>,
  agent: EngineAgent,
  context: RunContext,
  inputs: EvalInputs,
): Promise<EvalResult> {
  const pace: Pace = { tps: demo.tps, chunk: demo.kind === "echo" ? demo.chunk : UNITS_PER_TOKEN };
  const wanted = wantedTypes(inputs.output);
  const outputs: OutputDraft[] = [];
  let units = 0;
  const stream = async (part: Part) => {
    await streamPaced(context, part.text, pace);
    units += part.text.length;
  };
  // An agent that publishes nothing still says something.
  if (wanted.length === 0) await stream(textPart(demo, agent, inputs, 0));
  for (const { type, count } of wanted) {
    if (wanted.length > 1) context.stream.append(typeHeading(type.name, outputs.length === 0));
    for (let index = 0; index < count; index++) {
      if (index > 0) context.stream.append(DIVIDER);
      const part = type.isText ? textPart(demo, agent, inputs, index) : fieldsPart(demo, agent, inputs, type, index);
      await stream(part);
      outputs.push({ type: type.name, payload: part.payload() });
    }
  }
  return { outputs, usage: countTokens(inputs, Math.ceil(units / pace.chunk)) };
}

function fieldsPart(demo: DemoModel, agent: EngineAgent, inputs: EvalInputs, type: ArtifactType, index: number): Part {
  const seed = demo.kind === "essay" ? demo.seed : 0;
  const random = createRandom(agent.name, type.name, seed, index, inputs.attempt);
  const same = inputs.artifacts.find((artifact) => demo.kind === "echo" && type.check(artifact.payload).ok);
  const payload = same?.payload ?? samplePayload(type, random, subjectOf(inputs.artifacts).topic);
  return { text: readString(renderFields(payload)), payload: () => payload };
}

function textPart(
  demo: Exclude<DemoModel, { kind: "fail" }>,
  agent: EngineAgent,
  inputs: EvalInputs,
  index: number,
): Part {
  if (demo.kind === "echo") {
    const text = firstString(inputs.artifacts);
    return { text: readString(text), payload: () => ({ text }) };
  }
  const { seed, chars } = demo;
  const blocks: string[] = [];
  const essay = writeEssay({ agent, subject: subjectOf(inputs.artifacts), seed, chars, variant: index });
  const keep = (function* () {
    for (const block of essay) {
      blocks.push(block);
      yield block;
    }
  })();
  return { text: readParts(keep, chars), payload: () => ({ text: blocks.join("") }) };
}

const FAILURES: Readonly<Record<Exclude<FailureKind, "stall">, readonly [code: string, message: string]>> = {
  drop: ["connection_lost", "demo/fail dropped the connection in mid-stream. The text so far is kept."],
  error: ["engine_error", "demo/fail reported an error in mid-stream. The text so far is kept."],
  no_finish: ["no_finish", "demo/fail ended its stream without a finish. The text so far is kept."],
};

async function fail(
  demo: Extract<DemoModel, { kind: "fail" }>,
  agent: EngineAgent,
  context: RunContext,
  inputs: EvalInputs,
  stallTimeout: number,
): Promise<never> {
  const subject = subjectOf(inputs.artifacts);
  // A whole essay goes on well after the units that are wanted: what a real fault cuts is unfinished text.
  const essay = writeEssay({ agent, subject, seed: 1, chars: demo.after + 400 });
  await streamPaced(context, readParts(essay, demo.after), { tps: demo.tps, chunk: UNITS_PER_TOKEN });
  if (demo.how === "stall") throw await stalled(context, stallTimeout);
  const [code, message] = FAILURES[demo.how];
  throw new FlockError(code, message);
}

function stalled(context: RunContext, timeout: number): Promise<FlockError> {
  if (context.signal.aborted) return Promise.resolve(cancelled(context.signal));
  return new Promise((resolve) => {
    const onAbort = () => {
      guard.stop();
      resolve(cancelled(context.signal));
    };
    const guard = new StallGuard(context.clock, timeout, (fault) => {
      context.signal.removeEventListener("abort", onAbort);
      resolve(fault);
    });
    context.signal.addEventListener("abort", onAbort, { once: true });
  });
}

function countTokens(inputs: EvalInputs, outputTokens: number): Usage {
  const read = inputs.artifacts.reduce((sum, artifact) => sum + JSON.stringify(artifact.payload ?? null).length, 0);
  const inputTokens = Math.ceil(read / UNITS_PER_TOKEN);
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}
