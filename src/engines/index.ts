export type { AiEngineOptions } from "./ai/ai-engine.js";
export {
  describeProviders,
  type EndpointDefinition,
  type ProviderDescription,
  type ProviderSources,
} from "./ai/provider-sources.js";
export { type McpServerDefinition, type McpTools, openMcpTools } from "./mcp/mcp-tools.js";
export { createEngineResolver, type EngineOptions } from "./resolver.js";
