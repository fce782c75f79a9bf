import { FlockError } from "./errors.js";
import type { Flock } from "./flock.js";

export interface ServeOptions {
  /** With the viewer at `/`: mode `dashboard`; without it: mode `api`. Default false. */
  readonly dashboard?: boolean;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly [option: string]: unknown;
}

/** A running service. What it has no use for is absent. */
export interface FlockService {
  readonly url?: string;
  /** Who has it may watch. */
  readonly watchToken?: string;
  /** Who has it may publish and stop, too. */
  readonly controlToken?: string;
  /** For a browser. */
  readonly watchLink?: string;
  readonly controlLink?: string;
  close(): Promise<void>;
}

/** Opens the doors of a flock. The orchestrator knows no transport, so whoever does hands it in. */
export type ServiceStarter = (flock: Flock, options: ServeOptions) => Promise<FlockService>;

let registered: ServiceStarter | undefined;

/** Makes `flock.serve()` work for flocks that were given no starter of their own. */
export function registerServiceStarter(starter: ServiceStarter | undefined): void {
  registered = starter;
}

export function serviceStarter(own: ServiceStarter | undefined): ServiceStarter {
  const starter = own ?? registered;
  if (!starter) {
    throw new FlockError(
      "invalid_request",
      "serve() needs a service: pass { serviceStarter } to new Flock, or call registerServiceStarter first",
    );
  }
  return starter;
}
