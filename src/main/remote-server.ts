import { VERSION } from "../runtime/index.js";
import type { Access } from "../server/index.js";
import type { StartServer } from "./remote.js";
import type { Runtime } from "./running-flock.js";

/**
 * Starts the server of `src/server` on the flock of the window. It is loaded at first use: most windows never need it.
 * @param staticRoot the folder of the built page, which browsers get too
 */
export function serverStarter(staticRoot: string): StartServer<Runtime, Access> {
  return async (runtime, { host, port, allowNetwork }, access) => {
    const { backendOf, startServer } = await import("../server/index.js");
    return startServer({
      backend: backendOf(runtime),
      host,
      port,
      allowNetwork,
      access,
      dashboard: true,
      staticRoot,
      version: VERSION,
    });
  };
}
