export { isLoopback } from "./access/served-hosts.js";
export { createToken, TokenError, type TokenPair } from "./access/tokens.js";
export {
  InvalidCursorError,
  LagSource,
  type ListQuery,
  type Page,
  type ServerBackend,
  type ServerLogger,
  type ServerQueries,
  silentLogger,
  type WorkflowDetail,
} from "./backend.js";
export { backendOf } from "./backend-of.js";
export { DEFAULT_MAX_VIEWERS, SERVER_LIMITS, type ServerLimits } from "./limits.js";
export { ServerStartError } from "./listen.js";
export { pageOf } from "./page-of.js";
export { type Access, type RunningServer, type ServerOptions, startServer } from "./server.js";
export type { ViewerInfo } from "./viewer-registry.js";
