import manifest from "../../package.json";

export const VERSION: string = manifest.version;

/** How this program names itself in `hello`. */
export const SERVER_NAME = `flockdeck/${VERSION}`;
