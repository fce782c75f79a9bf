import { type Runtime, type RuntimeOptions, startRuntime } from "../runtime/index.js";
import { UsageError } from "./arguments.js";

/** Rejects with `FlockFileError` for a faulty file, with `UsageError` for a `--model` that cannot be. */
export async function startChecked(options: RuntimeOptions): Promise<Runtime> {
  try {
    return await startRuntime(options);
  } catch (error) {
    if (options.model !== undefined && hasCode(error, "unknown_model")) {
      throw new UsageError(`--model: ${error.message}`, "");
    }
    throw error;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): error is Error {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
