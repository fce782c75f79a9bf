import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import type { OutputStream, RunContext } from "./context.js";
import type { Engine, EvalInputs, OutputDraft } from "./engine.js";

export interface StepInput {
  readonly artifacts: readonly Artifact[];
  readonly inputs: EvalInputs;
  readonly context: RunContext;
}

/**
 * Returns a draft (`{ type, payload }`), or where the output group has one type just its payload (text as a string),
 * or several of these in an array, or nothing. May be asynchronous.
 */
export type StepFunction = (step: StepInput) => unknown;

/** The type of a value that a function returned where there is not exactly one type that it could be. */
export const UNTYPED = "A value without a type";

/**
 * A deterministic step: a plain function in place of a model. It may publish fewer outputs than asked for. Text that it
 * returns shows in the stream, unless it streamed something itself.
 */
export function functionEngine(step: StepFunction, name = step.name || "function"): Engine {
  return {
    name,
    async evaluate(_agent, context, inputs) {
      const made = await step({ artifacts: inputs.artifacts, inputs, context });
      const list: readonly unknown[] = Array.isArray(made) ? made : [made];
      const given = list.filter((item) => item !== undefined && item !== null);
      const { types } = inputs.output;
      const outputs = given.map((item) => toDraft(item, types));
      showText(context.stream, outputs, types);
      return { outputs, partial: true };
    },
  };
}

function toDraft(made: unknown, types: readonly ArtifactType[]): OutputDraft {
  if (isDraft(made)) return made;
  const [sole, ...others] = types;
  const type = sole && others.length === 0 ? sole.name : UNTYPED;
  return { type, payload: sole?.isText && typeof made === "string" ? { text: made } : made };
}

function showText(stream: OutputStream, drafts: readonly OutputDraft[], types: readonly ArtifactType[]): void {
  if (stream.length > 0) return;
  const texts = drafts.flatMap(({ type, payload }) => {
    const text = (payload as { text?: unknown } | undefined)?.text;
    const isText = types.some(({ name, isText }) => isText && name === type);
    return isText && typeof text === "string" ? [text] : [];
  });
  stream.append(texts.join("\n\n"));
}

function isDraft(made: unknown): made is OutputDraft {
  return (
    typeof made === "object" && made !== null && "payload" in made && "type" in made && typeof made.type === "string"
  );
}
