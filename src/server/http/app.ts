import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { ERRORS, type Role } from "../../protocol/index.js";
import { pathOf } from "../access/access-request.js";
import type { AccessDecision, RequiredRole } from "../access/decide.js";
import { type Gate, remoteAddress } from "../access/gate.js";
import type { ServerBackend, ServerLogger, ServerQueries } from "../backend.js";
import type { ServerLimits } from "../limits.js";
import type { ServerMetrics } from "../metrics.js";
import { PROBLEM_TYPE, ProblemError, problem } from "../problem.js";
import type { SseRequest } from "../sse/sse-viewer.js";
import { readJsonBody } from "./json-body.js";
import { LOGIN_PAGE, LOGIN_SCRIPT, LOGIN_STYLE } from "./login-page.js";
import { restRoutes, validate } from "./rest-routes.js";
import { sessionBodySchema } from "./schemas.js";
import { pageHeaders, setSecurityHeaders } from "./security-headers.js";
import type { StaticFiles } from "./static-files.js";

export interface AppOptions {
  readonly gate: Gate;
  readonly backend: ServerBackend;
  readonly queries: ServerQueries;
  readonly metrics: ServerMetrics;
  readonly limits: ServerLimits;
  readonly logger: ServerLogger;
  readonly version: string;
  /** The viewer bundle; null where no page is served. */
  readonly pages: StaticFiles | null;
  readonly openApi: object;
  readonly isDraining: () => boolean;
  readonly isFull: () => boolean;
  serveEvents(request: SseRequest): void;
}

type Env = { Bindings: HttpBindings };
/** `role` is what the credential has; null where none is asked for. */
type Handler = (context: Context<Env>, role: Role | null) => Promise<Response> | Response;

const RETRY_SOON = { "Retry-After": "5" };

function problemResponse(error: ProblemError): Response {
  const body = problem(error.code, error.message);
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...error.headers, "Content-Type": PROBLEM_TYPE },
  });
}

/** The role of a request. Throws the refusal, if it is refused. */
function admit(decision: AccessDecision): Role | null {
  if (decision.allowed) return decision.role;
  const headers: Record<string, string> = {};
  if (decision.retryAfterSeconds !== undefined) headers["Retry-After"] = String(decision.retryAfterSeconds);
  if (decision.code === "unauthenticated") headers["WWW-Authenticate"] = "Bearer";
  throw new ProblemError(decision.code, decision.detail, headers);
}

export function createApp(options: AppOptions): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { gate, backend, limits, logger } = options;
  const app = new Hono<Env>();

  function route(method: "get" | "post", path: string, required: RequiredRole, handler: Handler): void {
    app.on(method.toUpperCase(), path, (context) => {
      return handler(context, admit(gate.decide(context.env.incoming, required)));
    });
  }
  function readBody(context: Context<Env>): Promise<unknown> {
    return readJsonBody(context.env.incoming, limits.maxFrameBytes);
  }

  route("get", "/healthz", "none", (context) =>
    context.json({ status: "ok", runtime_mode: backend.runtimeMode, version: options.version }),
  );
  route("post", "/session", "none", async (context) => {
    const { incoming } = context.env;
    const { token } = validate(sessionBodySchema, await readBody(context));
    const authentication = gate.authenticateToken(token, incoming);
    if (authentication.kind === "limited") {
      throw new ProblemError(
        "too_many_attempts",
        `Too many failed authentications from this address. Try again in ${authentication.retryAfterSeconds} s.`,
        { "Retry-After": String(authentication.retryAfterSeconds) },
      );
    }
    if (authentication.kind === "unknown") throw new ProblemError("unauthenticated", "This token is not valid here.");
    context.header("Set-Cookie", gate.openSession(incoming, authentication.role));
    return context.json({ role: authentication.role });
  });

  for (const { method, path, role, answer } of restRoutes(backend, options.queries)) {
    route(method, path, role, async (context) => {
      const { status, body } = await answer({
        query: context.req.query(),
        id: context.req.param("id") ?? "",
        body: () => readBody(context),
      });
      return context.json(body ?? null, status);
    });
  }
  route("get", "/api/v1/openapi.json", "watch", (context) => context.json(options.openApi));
  route("get", "/metrics", "watch", async (context) =>
    context.body(await options.metrics.text(), 200, { "Content-Type": options.metrics.contentType }),
  );
  route("get", "/api/v1/events", "watch", (context, role) => {
    const { incoming, outgoing } = context.env;
    if (options.isFull()) throw new ProblemError("too_many_viewers", ERRORS.too_many_viewers.title, RETRY_SOON);
    if (incoming.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
    const credential = gate.credential(incoming);
    options.serveEvents({
      incoming,
      outgoing,
      role: role ?? "watch",
      address: remoteAddress(incoming),
      sessionId: credential.kind === "session" ? credential.id : undefined,
    });
    return RESPONSE_ALREADY_SENT;
  });
  if (options.pages) addPages(app, gate, options.pages);

  app.all("*", (context) => {
    throw unmatched(app, context);
  });
  app.onError((error) => {
    if (error instanceof ProblemError) return problemResponse(error);
    logger.error({ error: error.message, stack: error.stack }, "a request failed");
    return problemResponse(new ProblemError("internal", ERRORS.internal.title));
  });

  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => problemResponse(new ProblemError("invalid_request", "The request is malformed.")),
  });
  return (incoming, outgoing) => {
    setSecurityHeaders(outgoing);
    if (options.isDraining()) outgoing.setHeader("Connection", "close");
    // Before any URL is built from them: a foreign Host must not even reach the router.
    try {
      admit(gate.decide(incoming, "none"));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const told = problem(error.code, error.message);
      logger.warn({ address: remoteAddress(incoming), path: pathOf(incoming), code: error.code }, "refused a request");
      outgoing.writeHead(told.status, { ...error.headers, "Content-Type": PROBLEM_TYPE });
      outgoing.end(JSON.stringify(told));
      return;
    }
    void listener(incoming, outgoing);
  };
}

function unmatched(app: Hono<Env>, context: Context<Env>): ProblemError {
  const { path } = context.req;
  const methods = new Set<string>();
  for (const candidate of ["GET", "POST"]) {
    const [handlers] = app.router.match(candidate, path);
    if (handlers.some(([[, entry]]) => entry.path !== "/*" && entry.path !== "*")) methods.add(candidate);
  }
  if (methods.size === 0)
    return new ProblemError("not_found", "There is nothing at this path. See /api/v1/openapi.json.");
  if (methods.has("GET")) methods.add("HEAD");
  const allow = [...methods].join(", ");
  return new ProblemError("method_not_allowed", `This path takes ${allow}.`, { Allow: allow });
}

/**
 * The viewer. Without a session a browser gets the login page, which holds nothing but the exchange of the link's token
 * for the cookie; anything else gets 401.
 */
function addPages(app: Hono<Env>, gate: Gate, pages: StaticFiles): void {
  function serve(
    context: Context<Env>,
    body: Uint8Array<ArrayBuffer> | string,
    headers: Record<string, string>,
  ): Response {
    const policy = pageHeaders(context.req.header("host") ?? "");
    for (const [name, value] of Object.entries(policy)) context.env.outgoing.setHeader(name, value);
    return context.body(body, 200, headers);
  }
  const asIs = (body: string, type: string) => (context: Context<Env>) =>
    serve(context, body, { "Content-Type": `${type}; charset=utf-8` });
  app.get("/login.js", asIs(LOGIN_SCRIPT, "text/javascript"));
  app.get("/login.css", asIs(LOGIN_STYLE, "text/css"));
  app.get("/", (context) => {
    const wantsPage = (context.req.header("accept") ?? "").includes("text/html");
    const decision = gate.decide(context.env.incoming, "watch");
    if (!decision.allowed && decision.code === "unauthenticated" && wantsPage) {
      return serve(context, LOGIN_PAGE, { "Content-Type": "text/html; charset=utf-8" });
    }
    admit(decision);
    const index = pages.get("/index.html");
    if (!index) throw new ProblemError("not_found", "The viewer is not built.");
    return serve(context, index.body, { ...index.headers });
  });
  app.get("*", async (context, next) => {
    const file = pages.get(context.req.path);
    if (!file) return next();
    admit(gate.decide(context.env.incoming, "watch"));
    return serve(context, file.body, { ...file.headers });
  });
}
