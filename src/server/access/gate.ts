import type { IncomingMessage } from "node:http";
import type { Role } from "../../protocol/index.js";
import { accessRequestOf, credentialHeadersOf } from "./access-request.js";
import type { Authentication, Authenticator } from "./authenticator.js";
import { type Credential, findCredential } from "./credentials.js";
import { type AccessDecision, decideAccess, type RequiredRole } from "./decide.js";
import type { HostCheck } from "./served-hosts.js";
import { sessionCookie, sessionCookieName } from "./sessions.js";

/** Access control of one server: puts requests and upgrades before the one decision. */
export class Gate {
  readonly #hosts: HostCheck;
  readonly #authenticator: Authenticator;
  readonly #port: number;

  constructor(hosts: HostCheck, authenticator: Authenticator, port: number) {
    this.#hosts = hosts;
    this.#authenticator = authenticator;
    this.#port = port;
  }

  decide(incoming: IncomingMessage, required: RequiredRole, isUpgrade = false): AccessDecision {
    return decideAccess(accessRequestOf(incoming), required, {
      isServedHost: (host) => this.#hosts.isServed(host),
      authenticate: () =>
        this.#authenticator.authenticate(this.credential(incoming, isUpgrade), remoteAddress(incoming)),
    });
  }

  credential(incoming: IncomingMessage, isUpgrade = false): Credential {
    return findCredential(credentialHeadersOf(incoming, isUpgrade), sessionCookieName(this.#port));
  }

  /** Checks a token that came in a body. */
  authenticateToken(token: string, incoming: IncomingMessage): Authentication {
    return this.#authenticator.authenticate({ kind: "bearer", token }, remoteAddress(incoming));
  }

  /** Opens a session in place of the one that the request had, and gives the cookie that names it. */
  openSession(incoming: IncomingMessage, role: Role): string {
    const former = findCredential(
      { authorization: undefined, subprotocols: undefined, cookie: incoming.headers.cookie },
      sessionCookieName(this.#port),
    );
    if (former.kind === "session") this.#authenticator.closeSession(former.id);
    return sessionCookie(this.#port, this.#authenticator.openSession(role));
  }

  closeSession(id: string): void {
    this.#authenticator.closeSession(id);
  }
}

export function remoteAddress(incoming: IncomingMessage): string {
  return incoming.socket.remoteAddress ?? "unknown";
}
