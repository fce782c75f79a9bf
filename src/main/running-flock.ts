import type { DesktopFault } from "../protocol/index.js";
import type { HistoryOptions, Runtime } from "../runtime/index.js";
import { describeProviders, FlockFileError, startRuntime } from "../runtime/index.js";

export { describeProviders, type Runtime };

/** A flock file that could not be opened, with every fault. */
export interface Rejection {
  readonly path: string;
  readonly faults: readonly DesktopFault[];
}

export type Opened =
  | { readonly ok: true; readonly runtime: Runtime }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * Starts the flock of a file in dashboard mode. Never rejects.
 * @param keys provider → key, read at every call of a model
 * @param history undefined where nothing shall be recorded
 */
export async function openFlock(
  path: string,
  keys: Readonly<Record<string, string>>,
  history: HistoryOptions | undefined,
): Promise<Opened> {
  try {
    const runtime = await startRuntime({
      source: { path },
      mode: "dashboard",
      env: process.env,
      keys,
      ...(history && { history }),
    });
    return { ok: true, runtime };
  } catch (error) {
    return { ok: false, rejection: { path, faults: faultsOf(error) } };
  }
}

function faultsOf(error: unknown): readonly DesktopFault[] {
  if (error instanceof FlockFileError) return error.faults;
  const message = error instanceof Error ? error.message : String(error);
  return [{ severity: "error", message, hint: "Check that the file exists and can be read." }];
}
