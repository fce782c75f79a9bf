export type { HubCounters } from "./counters.js";
export { Hub, type HubDescription, type HubOptions } from "./hub.js";
export * from "./limits.js";
export type { StoreLimits } from "./relay-store.js";
export * from "./snapshot.js";
export type * from "./types.js";
