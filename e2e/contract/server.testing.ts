/** `--serve` as a client meets it: the first line, HTTP, WebSocket and Server-Sent Events. */
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { pack, unpack } from "msgpackr";
import { WebSocket } from "ws";
import { Command, file, type Options } from "./command.testing.js";
import { type Message, ofType, record, text } from "./messages.testing.js";

export interface Server {
  readonly url: string;
  readonly host: string;
  readonly watch: string;
  readonly control: string;
  readonly command: Command;
}

export async function serve(flock: string, args: readonly string[] = [], options?: Options): Promise<Server> {
  const command = new Command(["--serve", file(flock), "--port", "0", "--json", ...args], options);
  const listening = await command.until(() => command.messages()[0]);
  const url = text(listening.url);
  return {
    url,
    host: new URL(url).host,
    watch: text(listening.watch_token),
    control: text(listening.control_token),
    command,
  };
}

export interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string | string[]>;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

function open(server: Server, path: string, { method, token, headers, body }: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const all: Record<string, string | string[]> = { ...headers };
    if (token !== undefined) all.authorization = `Bearer ${token}`;
    if (body !== undefined && all["content-type"] === undefined) all["content-type"] = "application/json";
    const verb = method ?? (body === undefined ? "GET" : "POST");
    const call = request({ hostname, port, path, method: verb, headers: all, agent: false }, resolve);
    call.on("error", reject);
    call.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
}

export async function http(server: Server, path: string, call: Call = {}): Promise<Reply> {
  const response = await open(server, path, call);
  let whole = "";
  for await (const chunk of response.setEncoding("utf8")) whole += chunk;
  const isJson = /json/.test(response.headers["content-type"] ?? "");
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: whole,
    json: isJson ? record(JSON.parse(whole)) : {},
  };
}

abstract class Watcher {
  readonly messages: Message[] = [];
  protected over = false;
  private readonly watchers = new Set<() => void>();

  protected changed(): void {
    for (const watch of [...this.watchers]) watch();
  }

  until<T>(ready: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        const value = ready();
        const settled = value !== undefined && value !== false;
        if (settled || this.over) this.watchers.delete(watch);
        if (settled) resolve(value);
        else if (this.over) reject(new Error(`It closed first, after ${JSON.stringify(this.messages.slice(-3))}`));
      };
      this.watchers.add(watch);
      watch();
    });
  }

  /** The next, or an earlier, message of this type. */
  first(type: string): Promise<Message> {
    return this.until(() => this.messages.find((message) => message.type === type));
  }
}

export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export interface Connect {
  readonly subprotocols?: readonly string[];
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly autoPong?: boolean;
}

export class Viewer extends Watcher {
  readonly socket: WebSocket;
  readonly closed: Promise<Ending>;
  /** HTTP status where the upgrade was refused. */
  refused: number | undefined;
  private requests = 0;

  constructor(server: Server, { subprotocols = ["flockdeck.v1.json"], token, headers, path, autoPong }: Connect = {}) {
    super();
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${server.url.replace("http", "ws")}${path ?? "/ws"}`, [...subprotocols], {
      headers: { ...authorization, ...headers },
      autoPong: autoPong ?? true,
    });
    this.socket.on("message", (data: Buffer, binary: boolean) => {
      this.messages.push(...(binary ? unpack(data) : [JSON.parse(data.toString())]));
      this.changed();
    });
    this.socket.on("error", () => {});
    this.socket.on("unexpected-response", (_, response) => {
      this.refused = response.statusCode;
      this.socket.terminate();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => {
        this.over = true;
        resolve({ code, reason: reason.toString() });
        this.changed();
      });
    });
  }

  send(message: object): void {
    this.socket.send(this.socket.protocol === "flockdeck.v1.msgpack" ? pack([message]) : JSON.stringify(message));
  }

  async attach(fields: object = {}): Promise<this> {
    await this.first("hello");
    this.send({ type: "attach", ...fields });
    return this;
  }

  async ask(fields: object): Promise<Message> {
    const request_id = `r${++this.requests}`;
    this.send({ request_id, ...fields });
    return this.until(() => this.messages.find((message) => message.request_id === request_id));
  }

  /** Publishes and gives the `correlation_id`. */
  async publish(artifact_type: string, payload: unknown, more: object = {}): Promise<string> {
    const reply = await this.ask({ type: "publish", artifact_type, payload, ...more });
    if (reply.ok !== true) throw new Error(JSON.stringify(reply));
    return text(record(reply.result).correlation_id);
  }

  finished(correlation: string): Promise<Message> {
    return this.until(() =>
      ofType(this.messages, "workflow_finished").find((message) => message.correlation_id === correlation),
    );
  }

  leave(): Promise<Ending> {
    this.socket.close();
    return this.closed;
  }
}

/** A viewer that has attached with nothing and seen `sync_complete`. */
export async function viewer(server: Server, connect: Connect = {}, fields: object = {}): Promise<Viewer> {
  const opened = await new Viewer(server, { token: server.control, ...connect }).attach(fields);
  await opened.first("sync_complete");
  return opened;
}

/** One connection to `/api/v1/events`. */
export class Events extends Watcher {
  status = 0;
  contentType = "";
  readonly ids: string[] = [];
  private response: IncomingMessage | undefined;

  static async open(server: Server, token: string, headers: Record<string, string> = {}): Promise<Events> {
    const events = new Events();
    const response = await open(server, "/api/v1/events", { token, headers });
    events.response = response;
    events.status = response.statusCode ?? 0;
    events.contentType = response.headers["content-type"] ?? "";
    let rest = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) events.take(block);
      events.changed();
    });
    response.on("error", () => {});
    response.on("close", () => {
      events.over = true;
      events.changed();
    });
    return events;
  }

  private take(block: string): void {
    const lines = block.split("\n");
    const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
    const id = lines.find((line) => line.startsWith("id:"));
    if (data.length === 0) return;
    this.messages.push(JSON.parse(data.join("\n")));
    this.ids.push(id?.slice(3).trim() ?? "");
  }

  leave(): void {
    this.response?.destroy();
  }
}
