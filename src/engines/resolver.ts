import type { EngineResolver } from "../core/engine.js";
import { FlockError } from "../core/errors.js";
import { createDemoEngine } from "./demo/engine.js";

export interface EngineOptions {
  /** Where keys and base URLs are looked up, usually `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without new text that end a stream as `stalled`. Default 120,000. */
  readonly stallTimeout?: number;
}

/** The engines of this build by PROVIDER/MODEL name. The result throws `FlockError` (`unknown_model`, `missing_key`). */
export function createEngineResolver(options: EngineOptions = {}): EngineResolver {
  return (model) => {
    if (model.startsWith("demo/")) return createDemoEngine(model, options);
    throw new FlockError("unknown_model", `There is no model "${model}".`);
  };
}
