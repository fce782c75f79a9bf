import { randomBytes } from "node:crypto";
import type { Attach } from "../../protocol/index.js";
import type { Clock } from "../../relay/types.js";
import type { ServerLimits } from "../limits.js";
import { PositionJournal } from "./position.js";

/** Connections whose ids can be resumed from; above it the ones that ended first are forgotten. */
const MOST_JOURNALS = 256;

interface Session {
  readonly journal: PositionJournal;
  expiry: unknown;
}

/** Which connection an event was sent on, and its number there. */
interface EventId {
  readonly session: string;
  readonly event: number;
}

export function formatEventId({ session, event }: EventId): string {
  return `${session}.${event}`;
}

export function parseEventId(text: string): EventId | undefined {
  const [, session, event] = /^([\w-]{1,32})\.(\d{1,15})$/.exec(text) ?? [];
  if (session === undefined || event === undefined) return undefined;
  return { session, event: Number(event) };
}

export interface ReplaySession {
  readonly id: string;
  readonly journal: PositionJournal;
  /** What the viewer asks of the hub so that nothing is lost or doubled. */
  readonly attach: Attach;
  /** The connection is gone; its ids can be resumed from for a while. */
  ended(): void;
}

/** Remembers where SSE viewers were, so that `Last-Event-ID` resumes them to the unit. */
export class Replay {
  readonly #epoch: string;
  readonly #clock: Clock;
  readonly #limits: Pick<ServerLimits, "sseReplayEvents" | "sseReplayMs">;
  readonly #sessions = new Map<string, Session>();

  constructor(epoch: string, clock: Clock, limits: Pick<ServerLimits, "sseReplayEvents" | "sseReplayMs">) {
    this.#epoch = epoch;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** An id that is malformed, forgotten or of another server is as none: the viewer gets the current state. */
  open(lastEventId: string | undefined): ReplaySession {
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    const position = last && this.#sessions.get(last.session)?.journal.at(last.event);
    const id = randomBytes(9).toString("base64url");
    const session: Session = {
      journal: new PositionJournal(this.#limits.sseReplayEvents, position),
      expiry: undefined,
    };
    this.#sessions.set(id, session);
    this.#bound();
    return {
      id,
      journal: session.journal,
      attach: {
        type: "attach",
        ...(position && { epoch: this.#epoch, cursors: { ...position.cursors } }),
        ...(position?.seq !== undefined && { since_seq: position.seq }),
      },
      ended: () => {
        this.#clock.clearTimeout(session.expiry);
        session.expiry = this.#clock.setTimeout(() => this.#sessions.delete(id), this.#limits.sseReplayMs);
      },
    };
  }

  dispose(): void {
    for (const session of this.#sessions.values()) this.#clock.clearTimeout(session.expiry);
    this.#sessions.clear();
  }

  #bound(): void {
    for (const [id, session] of this.#sessions) {
      if (this.#sessions.size <= MOST_JOURNALS) return;
      if (session.expiry === undefined) continue;
      this.#clock.clearTimeout(session.expiry);
      this.#sessions.delete(id);
    }
  }
}
