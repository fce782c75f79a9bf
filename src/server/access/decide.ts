import type { ErrorCode, Role } from "../../protocol/index.js";
import type { Authentication } from "./authenticator.js";

/** What a route asks for. `none` still needs the right Host and Origin. */
export type RequiredRole = Role | "none";

/** What access depends on, taken from a request or an upgrade. Header values as they came; undefined when absent. */
export interface AccessRequest {
  readonly host: string | undefined;
  readonly hostHeaders: number;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  /** The request target: must be a path, never a whole URL. */
  readonly target: string;
}

export interface AccessRules {
  isServedHost(host: string): boolean;
  /** Called only after Host and Origin are found right, so that a foreign page cannot use up an address's attempts. */
  authenticate(): Authentication;
}

export type AccessDecision =
  | { readonly allowed: true; readonly role: Role | null }
  | {
      readonly allowed: false;
      readonly code: Extract<
        ErrorCode,
        "invalid_request" | "misdirected" | "forbidden" | "unauthenticated" | "too_many_attempts"
      >;
      readonly detail: string;
      readonly retryAfterSeconds?: number;
    };

function refuse(
  code: Extract<AccessDecision, { allowed: false }>["code"],
  detail: string,
  retryAfterSeconds?: number,
): AccessDecision {
  return { allowed: false, code, detail, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function hasTokenInQuery(target: string): boolean {
  const at = target.indexOf("?");
  if (at < 0) return false;
  const query = new URLSearchParams(target.slice(at + 1));
  return query.has("token") || query.has("access_token");
}

/** Host and Origin: which page asks, and under which name. Independent of who asks. */
export function decideOrigin(request: AccessRequest, rules: Pick<AccessRules, "isServedHost">): AccessDecision | null {
  if (!request.target.startsWith("/") || request.target.startsWith("//")) {
    return refuse("invalid_request", "The request target must be a path.");
  }
  if (request.hostHeaders !== 1 || request.host === undefined) {
    return refuse("invalid_request", "Send exactly one Host header.");
  }
  const host = request.host.toLowerCase();
  if (!rules.isServedHost(host)) {
    return refuse("misdirected", "This host name is not served here. Use the address of the link.");
  }
  if (request.origin !== undefined && request.origin !== `http://${host}`) {
    return refuse("forbidden", "Pages of other origins may not use this server.");
  }
  const isForeign = request.fetchSite === "cross-site" || request.fetchSite === "same-site";
  if (isForeign && request.fetchMode !== "navigate") {
    return refuse("forbidden", "Pages of other origins may not use this server.");
  }
  return null;
}

/**
 * The one decision on access: Host × Origin × token × role, for HTTP and for the upgrade alike.
 * A client that is no browser sends no Origin; every browser sends one with an upgrade and with a POST.
 */
export function decideAccess(request: AccessRequest, required: RequiredRole, rules: AccessRules): AccessDecision {
  const refused = decideOrigin(request, rules);
  if (refused) return refused;
  if (hasTokenInQuery(request.target)) {
    return refuse(
      "unauthenticated",
      "A token in a URL ends in logs and histories, so it is not read. Send it as `Authorization: Bearer TOKEN`, as the subprotocol flockdeck.token.TOKEN, or to POST /session. A token that was sent this way should be rotated.",
    );
  }
  if (required === "none") return { allowed: true, role: null };
  const authentication = rules.authenticate();
  if (authentication.kind === "limited") {
    return refuse(
      "too_many_attempts",
      `Too many failed authentications from this address. Try again in ${authentication.retryAfterSeconds} s.`,
      authentication.retryAfterSeconds,
    );
  }
  if (authentication.kind === "unknown") return refuse("unauthenticated", authentication.detail);
  if (required === "control" && authentication.role !== "control") {
    return refuse("forbidden", "A watch link may only look. Use the control link.");
  }
  return { allowed: true, role: authentication.role };
}
