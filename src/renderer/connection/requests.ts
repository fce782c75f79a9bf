import type { DesktopRequest } from "../../protocol/desktop.js";
import type { Cancel, Publish, Reply } from "../../protocol/messages.js";
import type { Outgoing } from "./carrier.js";

type WithoutId<M> = M extends unknown ? Omit<M, "request_id"> : never;
export type Request = WithoutId<Publish | Cancel | DesktopRequest>;

/** What a request was answered; `code` is from the protocol's table of errors. */
export class RequestError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "RequestError";
    this.code = code;
  }
}

interface Pending {
  readonly resolve: (result: Record<string, unknown>) => void;
  readonly reject: (error: RequestError) => void;
}

/** Matches replies to requests. Requests of a connection that broke are rejected: whether they arrived is unknown. */
export class Requests {
  #next = 1;
  readonly #pending = new Map<string, Pending>();
  readonly #send: (message: Outgoing) => boolean;

  /** `send` returns whether there is a connection. */
  constructor(send: (message: Outgoing) => boolean) {
    this.#send = send;
  }

  request(message: Request): Promise<Record<string, unknown>> {
    const requestId = `r${this.#next++}`;
    return new Promise((resolve, reject) => {
      this.#pending.set(requestId, { resolve, reject });
      if (!this.#send({ ...message, request_id: requestId } as Outgoing)) {
        this.#pending.delete(requestId);
        reject(new RequestError("connection_lost", "Not connected. Try again when the connection is back."));
      }
    });
  }

  settle(reply: Reply): void {
    const pending = this.#pending.get(reply.request_id);
    if (pending === undefined) return;
    this.#pending.delete(reply.request_id);
    if (reply.ok) pending.resolve(reply.result ?? {});
    else {
      pending.reject(new RequestError(reply.error?.code ?? "internal", reply.error?.message ?? "The request failed."));
    }
  }

  connectionLost(): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) {
      pending.reject(
        new RequestError("connection_lost", "The connection broke before the answer came. Look before you repeat it."),
      );
    }
  }
}
