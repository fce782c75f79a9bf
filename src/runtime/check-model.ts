import { FlockError } from "../core/index.js";
import { createEngineResolver } from "../engines/index.js";

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
