import type { Artifact } from "./artifact.js";
import type { RunContext } from "./context.js";
import type { Engine, EvalInputs, OutputDraft } from "./engine.js";

export interface StepInput {
  readonly artifacts: readonly Artifact[];
  readonly inputs: EvalInputs;
  readonly context: RunContext;
}

/** Returns one draft, several, or nothing. */
export type StepFunction = (
  step: StepInput,
) => OutputDraft | readonly OutputDraft[] | undefined | Promise<OutputDraft | readonly OutputDraft[] | undefined>;

/** A deterministic step: a plain function in place of a model. It may publish fewer outputs than asked for. */
export function functionEngine(step: StepFunction, name = step.name || "function"): Engine {
  return {
    name,
    async evaluate(_agent, context, inputs) {
      const made = await step({ artifacts: inputs.artifacts, inputs, context });
      return { outputs: toList(made), partial: true };
    },
  };
}

function toList(made: OutputDraft | readonly OutputDraft[] | undefined): readonly OutputDraft[] {
  if (made === undefined) return [];
  return isList(made) ? made : [made];
}

function isList(made: OutputDraft | readonly OutputDraft[]): made is readonly OutputDraft[] {
  return Array.isArray(made);
}
