export { createEngineResolver, type EngineOptions } from "./resolver.js";
