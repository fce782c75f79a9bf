export { type BuildFlockOptions, buildFlock } from "./build.js";
export type {
  AgentDefinition,
  FlockDefinition,
  McpServerDefinition,
  OutputDefinition,
  ProviderDefinition,
  SampleArtifact,
  SubscriptionDefinition,
} from "./definition.js";
export { FlockFileError, type FlockFileFault, formatFault } from "./fault.js";
export { type ModelCheck, modelNameFault } from "./model-name.js";
export { type ParsedFlockFile, type ParseFlockFileOptions, parseFlockFile } from "./parse.js";
