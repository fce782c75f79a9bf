/** `flock.serve()` for flocks that are made in code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  connectHub,
  type Flock,
  FlockError,
  type FlockHub,
  type FlockService,
  type ServeOptions,
  VERSION,
} from "../runtime/service.js";
import { isLoopback } from "./access/served-hosts.js";
import { TokenError } from "./access/tokens.js";
import { LagSource, type ServerLogger } from "./backend.js";
import { backendOf } from "./backend-of.js";
import { type RunningServer, startServer } from "./server.js";

/** What `flock.serve` takes. */
export interface ServeFlockOptions {
  /** With the viewer at `/`. Default false. */
  readonly dashboard?: boolean | undefined;
  /** Default 127.0.0.1. Naming an address that other machines reach is the choice to be reached. */
  readonly host?: string | undefined;
  /** 0 takes a free one. Default 8344. */
  readonly port?: number | undefined;
  /** Who has it may watch. Generated unless given. */
  readonly watchToken?: string | undefined;
  /** Who has it may publish and stop, too. Generated unless given. */
  readonly controlToken?: string | undefined;
  /** Default 64. */
  readonly maxViewers?: number | undefined;
  /** What viewers see as the flock's name. */
  readonly name?: string | undefined;
  /** Payloads by type: what viewers are offered to publish. */
  readonly sample?: Readonly<Record<string, unknown>> | undefined;
  /** Pino's shape. Default: silent. */
  readonly logger?: ServerLogger | undefined;
}

/** A flock with its doors open. */
export interface FlockServer extends FlockService {
  /** `http://HOST:PORT`, without a path. */
  readonly url: string;
  readonly watchToken: string;
  readonly controlToken: string;
  /** They carry the token in the fragment, which browsers keep to themselves. */
  readonly watchLink: string;
  readonly controlLink: string;
  /** Hands every viewer what it lacks for at most 1.5 s and closes them. The flock goes on. */
  close(): Promise<void>;
}

/** Also a `ServiceStarter`, which takes whatever `flock.serve` is given; what it cannot use it refuses. */
export type FlockStarter = (flock: Flock, options?: ServeFlockOptions | ServeOptions) => Promise<FlockServer>;

const token = z.string().min(1);

const optionsSchema = z.strictObject({
  dashboard: z.boolean().default(false),
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(0).max(65_535).default(8344),
  watchToken: token.optional(),
  controlToken: token.optional(),
  maxViewers: z.int().min(1).optional(),
  name: z.string().default("Flock"),
  sample: z.record(z.string(), z.unknown()).default({}),
  logger: z.custom<ServerLogger>((value) => typeof value === "object" && value !== null).optional(),
});

type Settings = z.output<typeof optionsSchema>;

/**
 * Starts flocks' services. They reject with `FlockError` (`invalid_request`) for options that cannot be, and with
 * `ServerStartError` where another host or port would do.
 * @param viewerFolder of the built page for browsers
 */
export function createServiceStarter(viewerFolder: string): FlockStarter {
  return async (flock, options = {}) => {
    const settings = readOptions(options);
    if (settings.dashboard && !existsSync(join(viewerFolder, "index.html")))
      throw new FlockError("invalid_request", "The viewer for browsers is not built: type npm run build");
    const lag = new LagSource();
    const watched = connectHub(flock, {
      name: settings.name,
      sample: Object.entries(settings.sample).map(([type, payload]) => ({ type, payload })),
      onLag: lag.report,
    });
    try {
      return serviceOf(await listen(watched, lag, settings, viewerFolder), watched);
    } catch (error) {
      watched.close();
      if (error instanceof TokenError) throw new FlockError("invalid_request", `serve(): ${error.message}`);
      throw error;
    }
  };
}

function readOptions(options: object): Settings {
  const read = optionsSchema.safeParse(options);
  if (read.success) return read.data;
  const reasons = read.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new FlockError("invalid_request", `serve(): ${reasons.join("; ")}`);
}

function listen(watched: FlockHub, lag: LagSource, settings: Settings, viewerFolder: string): Promise<RunningServer> {
  const { host, port, dashboard, watchToken, controlToken, maxViewers, logger } = settings;
  return startServer({
    backend: backendOf(watched, lag),
    host,
    port,
    watchToken,
    controlToken,
    maxViewers,
    logger,
    dashboard,
    ...(dashboard && { staticRoot: viewerFolder }),
    allowNetwork: !isLoopback(host),
    version: VERSION,
  });
}

function serviceOf(server: RunningServer, watched: FlockHub): FlockServer {
  const { url, watchToken, controlToken, watchLink, controlLink } = server;
  return {
    url,
    watchToken,
    controlToken,
    watchLink,
    controlLink,
    async close() {
      await server.close();
      watched.close();
    },
  };
}
