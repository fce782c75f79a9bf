/** `flockdeck/server`. Importing it is enough for `flock.serve()`. */
import { fileURLToPath } from "node:url";
import { registerServiceStarter } from "../runtime/service.js";
import { createServiceStarter } from "./serve-flock.js";

export type { ServerLogger } from "./backend.js";
export { ServerStartError } from "./listen.js";
export type { FlockServer, ServeFlockOptions } from "./serve-flock.js";

/** For `new Flock({ serviceStarter: serveFlock })`. The viewer's files are beside the library: out/renderer and out/lib. */
export const serveFlock = createServiceStarter(fileURLToPath(new URL("../../renderer", import.meta.url)));

registerServiceStarter(serveFlock);
