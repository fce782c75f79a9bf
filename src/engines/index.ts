export type { AiEngineOptions } from "./ai/ai-engine.js";
export {
  describeProviders,
  type EndpointDefinition,
  type ProviderDescription,
  type ProviderSources,
} from "./ai/providers.js";
export { createEngineResolver, type EngineOptions } from "./resolver.js";
