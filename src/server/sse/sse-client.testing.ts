import { type IncomingMessage, request } from "node:http";
import { jsonCodec, type ServerMessage } from "../../protocol/index.js";
import type { RunningServer } from "../server.js";
import { bearer, onCleanUp, WATCH } from "../server.testing.js";

export interface SseEvent {
  readonly id: string | undefined;
  readonly message: ServerMessage;
}

/** A reader of Server-Sent Events as the standard has them, with the id of the last event that it took. */
export class SseClient {
  readonly events: SseEvent[] = [];
  readonly comments: string[] = [];
  readonly ended: Promise<void>;
  readonly response: IncomingMessage;
  #rest = "";
  readonly #waiting = new Set<() => void>();

  constructor(response: IncomingMessage) {
    this.response = response;
    this.ended = new Promise((resolve) => response.on("close", resolve));
    response.on("error", () => {});
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      const blocks = (this.#rest + text).split("\n\n");
      this.#rest = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
      for (const wake of [...this.#waiting]) wake();
    });
  }

  get lastEventId(): string | undefined {
    return this.events[this.events.length - 1]?.id;
  }

  get messages(): ServerMessage[] {
    return this.events.map((event) => event.message);
  }

  until(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    return new Promise((resolve) => {
      const check = () => {
        const found = this.messages.find(fits);
        if (!found) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Leaves as a client does whose network is gone. */
  drop(): void {
    this.response.destroy();
  }

  #take(block: string): void {
    let id: string | undefined;
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith(":")) this.comments.push(line.slice(1).trim());
      else if (line.startsWith("id: ")) id = line.slice(4);
      else if (line.startsWith("data: ")) data.push(line.slice(6));
      else throw new Error(`not an SSE line: ${line}`);
    }
    if (data.length > 0) {
      this.events.push({ id, message: jsonCodec.decode(data.join("\n"))[0] as ServerMessage });
    }
  }
}

export function openEvents(server: RunningServer, lastEventId?: string, token = WATCH): Promise<SseClient> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: server.port,
        path: "/api/v1/events",
        agent: false,
        headers: { ...bearer(token), ...(lastEventId !== undefined && { "Last-Event-ID": lastEventId }) },
      },
      (response) => {
        onCleanUp(() => {
          response.destroy();
        });
        resolve(new SseClient(response));
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}
