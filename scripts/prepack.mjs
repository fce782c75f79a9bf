/** Before `npm pack` and `npm publish`: what is packed is what the sources say. */
import { ensureBuilt } from "./lib/ensure-built.mjs";

await ensureBuilt(["cli", "desktop", "lib"]);
