/** What opens the doors of a flock that was made in code. Apart from the index, so that it brings no flock files along. */
export type { Flock, FlockService, ServeOptions } from "../core/index.js";
export { FlockError, registerServiceStarter, systemClock } from "../core/index.js";
export { isShallow } from "../core/nesting.js";
export { connectHub, type FlockHub } from "./flock-hub.js";
export { VERSION } from "./version.js";
