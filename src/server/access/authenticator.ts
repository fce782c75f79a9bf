import type { Role } from "../../protocol/index.js";
import type { Clock } from "../../relay/types.js";
import type { Credential } from "./credentials.js";
import { addressKey, FailedAttempts } from "./failed-attempts.js";
import { Sessions } from "./sessions.js";
import { type TokenPair, Tokens } from "./tokens.js";

export type Authentication =
  | { readonly kind: "known"; readonly role: Role }
  | { readonly kind: "unknown"; readonly detail: string }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number };

const HOW = "Send the token as `Authorization: Bearer TOKEN`, or exchange it for a cookie with POST /session.";

/**
 * Says who a credential belongs to, and counts the wrong ones.
 *
 * An address over the limit is refused. Two things still pass: a session's cookie (256 random bits), and, when neither
 * token can be found by trying, the right token: so nobody's noise on a shared address (every page and process of
 * a machine is 127.0.0.1) locks the owner out, and nobody can guess through the limit.
 */
export class Authenticator {
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #failures: FailedAttempts;

  constructor(pair: TokenPair, clock: Clock) {
    this.#tokens = new Tokens(pair);
    this.#sessions = new Sessions(clock);
    this.#failures = new FailedAttempts(clock);
  }

  get tokens(): TokenPair {
    return this.#tokens.pair;
  }

  authenticate(credential: Credential, address: string): Authentication {
    if (credential.kind === "none") return { kind: "unknown", detail: `A token is needed. ${HOW}` };
    if (credential.kind === "session") {
      const role = this.#sessions.roleOf(credential.id);
      if (role) return { kind: "known", role };
      return { kind: "unknown", detail: "The session is over. Open the link again." };
    }
    const key = addressKey(address);
    const waitMs = this.#failures.waitMs(key);
    const limited = { kind: "limited", retryAfterSeconds: Math.ceil(waitMs / 1000) } as const;
    if (waitMs > 0 && this.#tokens.guessableFrom(address)) return limited;
    const role = credential.kind === "malformed" ? null : this.#tokens.roleOf(credential.token);
    if (role) return { kind: "known", role };
    if (waitMs > 0) return limited;
    this.#failures.failed(key);
    if (credential.kind === "malformed") return { kind: "unknown", detail: `${credential.detail}.` };
    return { kind: "unknown", detail: `This token is not valid here. ${HOW}` };
  }

  /** A random id for the cookie. */
  openSession(role: Role): string {
    return this.#sessions.open(role);
  }

  closeSession(id: string): void {
    this.#sessions.close(id);
  }

  /** New tokens; whatever the old ones opened is over. */
  rotate(): TokenPair {
    this.#sessions.clear();
    return this.#tokens.rotate();
  }
}
