import type { Role } from "../../protocol/index.js";
import type { Clock } from "../../relay/types.js";
import type { Credential } from "./credentials.js";
import { type AttemptLimit, addressKey, FailedAttempts } from "./failed-attempts.js";
import { isLoopback } from "./served-hosts.js";
import { Sessions } from "./sessions.js";
import { isGuessableFrom, type TokenPair, Tokens } from "./tokens.js";

export type Authentication =
  | { readonly kind: "known"; readonly role: Role }
  | { readonly kind: "unknown"; readonly detail: string }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number };

const HOW = "Send the token as `Authorization: Bearer TOKEN`, or exchange it for a cookie with POST /session.";

/**
 * How many wrong tokens that could be guessed are still looked at from this machine while it is limited. Chosen tokens are
 * short where people try things out, and every program here is 127.0.0.1: one that fails must not lock out the others.
 */
const LOCAL_GRACE: readonly AttemptLimit[] = [{ count: 12, windowMs: 3_600_000 }];

/**
 * Says who a credential belongs to, and counts the wrong ones.
 *
 * An address over the limit is refused. Three things still pass: a session's cookie (256 random bits); a right token that
 * nobody can find by trying, whatever the other token is like; and from this machine any right token, until 12 more wrong
 * ones have been tried in an hour. So nobody's noise on a shared address locks the owner out, and nobody can guess through
 * the limit.
 */
export class Authenticator {
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #failures: FailedAttempts;
  readonly #grace: FailedAttempts;

  constructor(pair: TokenPair, clock: Clock) {
    this.#tokens = new Tokens(pair);
    this.#sessions = new Sessions(clock);
    this.#failures = new FailedAttempts(clock);
    this.#grace = new FailedAttempts(clock, LOCAL_GRACE);
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
    const token = credential.kind === "malformed" ? null : credential.token;
    const isGuess = waitMs > 0 && token !== null && isGuessableFrom(key, token);
    if (isGuess && !this.#hasGrace(key)) return limited;
    const role = token === null ? null : this.#tokens.roleOf(token);
    if (role) return { kind: "known", role };
    if (isGuess) this.#grace.failed(key);
    if (waitMs > 0) return limited;
    this.#failures.failed(key);
    if (credential.kind === "malformed") return { kind: "unknown", detail: `${credential.detail}.` };
    return { kind: "unknown", detail: `This token is not valid here. ${HOW}` };
  }

  #hasGrace(key: string): boolean {
    return isLoopback(key) && this.#grace.waitMs(key) === 0;
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
