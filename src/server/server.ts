/**
 * HTTP, WebSocket and Server-Sent Events over one hub, for one flock. See PROTOCOL.md and docs/remote.md.
 *
 *     const server = await startServer({ backend, host: "127.0.0.1", port: 0, dashboard: true, staticRoot, version });
 *     server.watchLink;  server.viewers();  await server.close({ drainMs: 1000 });
 */
import { createServer } from "node:http";
import type { Clock } from "../relay/index.js";
import { Authenticator } from "./access/authenticator.js";
import { Gate } from "./access/gate.js";
import { type Binding, HostCheck, isLoopback, reachableHost, urlHost } from "./access/served-hosts.js";
import { sessionCookieName } from "./access/sessions.js";
import { createToken, type TokenPair } from "./access/tokens.js";
import { type ServerBackend, type ServerLogger, silentLogger } from "./backend.js";
import { drain, wait } from "./drain.js";
import { createApp } from "./http/app.js";
import { asksForWebSocket, ignoreUpgrade } from "./http/ignored-upgrade.js";
import { openApiDocument } from "./http/openapi.js";
import { rawProblem, refuseExpectation } from "./http/raw-problem.js";
import { StaticFiles } from "./http/static-files.js";
import { DEFAULT_MAX_VIEWERS, SERVER_LIMITS, type ServerLimits } from "./limits.js";
import { listen, ServerStartError } from "./listen.js";
import { observeServer } from "./observe-server.js";
import { Replay } from "./sse/replay.js";
import { createSseEncoder } from "./sse/sse-frame.js";
import { serveSseViewer } from "./sse/sse-viewer.js";
import { systemClock } from "./system-clock.js";
import { type ViewerInfo, ViewerRegistry } from "./viewer-registry.js";
import { createUpgradeHandler } from "./websocket/upgrade.js";

export interface ServerOptions {
  readonly backend: ServerBackend;
  /** A name or an address. Anything but loopback needs `allowNetwork`. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Generated where they are left out. */
  readonly watchToken?: string | undefined;
  readonly controlToken?: string | undefined;
  /** Of a former server: its tokens and sessions go on, so that browsers come back by themselves. */
  readonly access?: Access | undefined;
  readonly maxViewers?: number | undefined;
  /** Serves the viewer at `GET /`, from `staticRoot`. */
  readonly dashboard: boolean;
  readonly staticRoot?: string | undefined;
  readonly logger?: ServerLogger | undefined;
  readonly clock?: Clock | undefined;
  /** The explicit choice to be reachable from other machines. */
  readonly allowNetwork?: boolean | undefined;
  /** Further `Host` headers to answer to, such as that of a forwarded port. */
  readonly extraHosts?: readonly string[] | undefined;
  readonly version: string;
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** Tokens and sessions, to be handed from one server to the next. */
export type Access = Authenticator;

export interface RunningServer {
  /** `http://HOST:PORT`, without a path. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly watchToken: string;
  readonly controlToken: string;
  readonly access: Access;
  /** Links carry the token in the fragment, which browsers keep to themselves. */
  readonly watchLink: string;
  readonly controlLink: string;
  /** What to tell people about a server that other machines can reach; null on loopback. */
  readonly warning: string | null;
  viewers(): readonly ViewerInfo[];
  /** Ends one viewer's connection and session. False when there is none with this id. */
  disconnect(id: string): boolean;
  /** New tokens. Everything that the old ones opened ends: connections with 4401. */
  rotateTokens(): TokenPair;
  /**
   * Takes no more connections, hands every viewer what it lacks for at most `drainMs`, then closes with 1001.
   * Done within `drainMs` and half a second.
   */
  close(options?: { drainMs?: number }): Promise<void>;
}

const NETWORK_WARNING =
  "Other machines can reach this server, and the connection is not encrypted: use it in networks that you trust, or through a tunnel.";
const CLOSE_GRACE_MS = 400;
const DEFAULT_DRAIN_MS = 1_500;
/** Connections beside the viewers': requests, and upgrades that are being refused. */
const SPARE_CONNECTIONS = 256;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { backend, clock = systemClock, logger = silentLogger } = options;
  const limits: ServerLimits = { ...SERVER_LIMITS, ...options.limits };
  if (!isLoopback(options.host) && options.allowNetwork !== true) {
    throw new ServerStartError(
      `${options.host} is reachable from other machines. Allow it explicitly, or use --host 127.0.0.1.`,
    );
  }
  if (options.dashboard && options.staticRoot === undefined) {
    throw new ServerStartError("The dashboard needs the folder of the viewer bundle.");
  }
  const authenticator =
    options.access ??
    new Authenticator(
      { watch: options.watchToken ?? createToken(), control: options.controlToken ?? createToken() },
      clock,
    );
  const pages = options.dashboard && options.staticRoot !== undefined ? new StaticFiles(options.staticRoot) : null;
  const registry = new ViewerRegistry(options.maxViewers ?? DEFAULT_MAX_VIEWERS);
  const http = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(5_000, limits.headersTimeoutMs / 2)),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16 * 1024,
    // Refused by the gate, as every other wrong Host.
    requireHostHeader: false,
  });
  http.maxConnections = registry.maxViewers + SPARE_CONNECTIONS;
  const bound = await listen(http, options.host, options.port);
  const binding: Binding = {
    host: options.host,
    address: bound.address,
    port: bound.port,
    extraHosts: options.extraHosts,
  };

  let isDraining = false;
  const gate = new Gate(new HostCheck(binding), authenticator, bound.port);
  const { metrics, queries, stop } = observeServer(backend, registry);
  const replay = new Replay(backend.hub.epoch, clock, limits);
  const encoder = createSseEncoder((codec, frames) => metrics.encoded(codec, frames));
  const shared = { hub: backend.hub, registry, limits, clock, logger, metrics };
  const app = createApp({
    gate,
    backend,
    queries,
    metrics,
    limits,
    logger,
    version: options.version,
    pages,
    openApi: openApiDocument(options.version, sessionCookieName(bound.port)),
    isDraining: () => isDraining,
    isFull: () => registry.isFull,
    serveEvents: (request) => serveSseViewer({ ...shared, replay, encoder }, request),
  });
  const upgrades = createUpgradeHandler({
    ...shared,
    gate,
    isDraining: () => isDraining,
    onEncode: (codec, frames) => metrics.encoded(codec, frames),
  });
  http.on("request", app);
  http.on("checkExpectation", (_incoming, outgoing) => refuseExpectation(outgoing));
  http.on("upgrade", (incoming, socket, head) => {
    if (asksForWebSocket(incoming)) upgrades.handle(incoming, socket, head);
    else ignoreUpgrade(http, incoming, socket, head);
  });
  http.on("connect", (_incoming, socket) => {
    socket.on("error", () => socket.destroy());
    rawProblem(socket, "invalid_request", "The request target must be a path.");
  });
  http.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "HPE_HEADER_OVERFLOW") rawProblem(socket, "too_large", "The headers are too large.", 431);
    else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT")
      rawProblem(socket, "timeout", "The request came too slowly.", 408);
    else rawProblem(socket, "invalid_request", "This is not an HTTP request.");
  });

  const host = reachableHost(binding);
  const url = `http://${urlHost(host, bound.port)}`;
  const linkOf = (token: string) => `${url}/#token=${encodeURIComponent(token)}`;
  const warning = isLoopback(bound.address) ? null : NETWORK_WARNING;
  if (warning) logger.warn({ host: options.host, port: bound.port }, warning);
  logger.info({ url, runtime_mode: backend.runtimeMode }, "listening");

  let closing: Promise<void> | null = null;
  async function closeServer(drainMs: number): Promise<void> {
    isDraining = true;
    http.close();
    await drain(registry, clock, drainMs);
    registry.endAll(1001, "The server is shutting down");
    await Promise.race([registry.whenEmpty(), wait(clock, CLOSE_GRACE_MS)]);
    registry.cutAll();
    upgrades.cut();
    http.closeAllConnections();
    replay.dispose();
    stop();
    logger.info({ url }, "closed");
  }

  return {
    url,
    host,
    port: bound.port,
    get watchToken() {
      return authenticator.tokens.watch;
    },
    get controlToken() {
      return authenticator.tokens.control;
    },
    get watchLink() {
      return linkOf(authenticator.tokens.watch);
    },
    get controlLink() {
      return linkOf(authenticator.tokens.control);
    },
    access: authenticator,
    warning,
    viewers: () => registry.list(),
    disconnect(id) {
      const connection = registry.find(id);
      if (!connection) return false;
      if (connection.sessionId !== undefined) gate.closeSession(connection.sessionId);
      connection.end(1008, "Disconnected by the owner");
      return true;
    },
    rotateTokens() {
      const pair = authenticator.rotate();
      registry.endAll(4401, "The tokens were changed");
      logger.info({ url }, "tokens rotated");
      return pair;
    },
    close({ drainMs = DEFAULT_DRAIN_MS } = {}) {
      closing ??= closeServer(drainMs);
      return closing;
    },
  };
}
