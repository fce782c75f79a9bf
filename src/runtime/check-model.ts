import { FlockError } from "../core/index.js";
import { createEngineResolver } from "../engines/index.js";
import { modelNameFault } from "../flockfile/index.js";

const resolve = createEngineResolver();

/** What is wrong with a demo model's name or parameters. What other providers offer only they know. */
export function checkModel(model: string): string | undefined {
  if (!model.startsWith("demo/")) return undefined;
  try {
    resolve(model);
    return undefined;
  } catch (cause) {
    if (cause instanceof FlockError) return cause.message;
    throw cause;
  }
}

/** Throws `unknown_model` with what to type, for a model that was not named in the file. */
export function assertModel(model: string, ownProviders: readonly string[]): void {
  const fault = modelNameFault(model, ownProviders);
  const reason = fault === undefined ? checkModel(model) : `${fault.message} ${fault.hint}`;
  if (reason !== undefined) throw new FlockError("unknown_model", reason);
}
