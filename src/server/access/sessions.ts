import { randomBytes } from "node:crypto";
import type { Role } from "../../protocol/index.js";
import type { Clock } from "../../relay/types.js";

const MOST_SESSIONS = 1024;
const IDLE_MS = 30 * 24 * 3_600_000;

interface Session {
  readonly role: Role;
  lastSeen: number;
}

/**
 * What stands behind the session cookie: a random id here, the role in this map. The token is in neither.
 * Bounded: above 1,024 the one that was idle for longest goes; 30 days without use end a session.
 */
export class Sessions {
  readonly #clock: Clock;
  /** Least recently used first. */
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(role: Role): string {
    const id = randomBytes(32).toString("base64url");
    this.#sessions.set(id, { role, lastSeen: this.#clock.now() });
    if (this.#sessions.size > MOST_SESSIONS) {
      const oldest = this.#sessions.keys().next();
      if (!oldest.done) this.#sessions.delete(oldest.value);
    }
    return id;
  }

  roleOf(id: string): Role | null {
    const session = this.#sessions.get(id);
    if (!session) return null;
    this.#sessions.delete(id);
    if (this.#clock.now() - session.lastSeen > IDLE_MS) return null;
    session.lastSeen = this.#clock.now();
    this.#sessions.set(id, session);
    return session.role;
  }

  close(id: string): void {
    this.#sessions.delete(id);
  }

  clear(): void {
    this.#sessions.clear();
  }

  get size(): number {
    return this.#sessions.size;
  }
}

/** Cookies ignore ports, so that two servers on one machine would overwrite each other's: the name has the port. */
export function sessionCookieName(port: number): string {
  return `flockdeck_session_${port}`;
}

export function sessionCookie(port: number, id: string): string {
  return `${sessionCookieName(port)}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${IDLE_MS / 1000}`;
}
