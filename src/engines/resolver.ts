import type { EngineResolver } from "../core/engine.js";
import { type AiEngineOptions, createAiEngine } from "./ai/ai-engine.js";
import { createDemoEngine } from "./demo/engine.js";

export type EngineOptions = AiEngineOptions;

/** The engines of this build by PROVIDER/MODEL name. The result throws `FlockError` (`unknown_model`, `missing_key`). */
export function createEngineResolver(options: EngineOptions = {}): EngineResolver {
  return (model) => (isDemo(model) ? createDemoEngine(model, options) : createAiEngine(model, options));
}

function isDemo(model: string): boolean {
  return model === "demo" || model.startsWith("demo/");
}
