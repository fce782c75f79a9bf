/** A server over a bare hub, and clients for it: shared by the tests of this folder. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type AgentInfo, jsonCodec, msgpackCodec, type ServerMessage, type ViewerMessage } from "../protocol/index.js";
import { type Clock, type CommandHandler, Hub, type HubOptions } from "../relay/index.js";
import { LagSource, type ServerBackend } from "./backend.js";
import { type RunningServer, type ServerOptions, startServer } from "./server.js";
import { systemClock } from "./system-clock.js";

export const WATCH = "watch-token-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
export const CONTROL = "control-token-ZyXwVuTsRqPoNmLkJiHgFeDcBa9876543210";

export const AGENTS: readonly AgentInfo[] = [
  { name: "reporter", description: "Writes", consumes: ["Topic"], publishes: ["Article"], model: "demo/essay" },
  { name: "editor", description: "Edits", consumes: ["Article"], publishes: ["Review"], model: "demo/essay" },
];

/** Time that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    for (const timer of this.#timers) if (timer === handle) this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = end;
  }
}

export interface Bench {
  readonly hub: Hub;
  readonly server: RunningServer;
  readonly commands: Parameters<CommandHandler>[0][];
  startStream(id: string, fields?: Partial<Record<"agent_name" | "run_id" | "correlation_id" | "model", string>>): void;
  endStream(id: string, fields?: object): void;
}

const cleanups: (() => void | Promise<void>)[] = [];

/** For `afterEach`: closes whatever the test opened. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.splice(0).reverse()) await clean();
}

export function onCleanUp(clean: () => void | Promise<void>): void {
  cleanups.push(clean);
}

/** A viewer bundle in miniature. */
export function bundleFolder(): string {
  const root = mkdtempSync(join(tmpdir(), "flockdeck-bundle-"));
  onCleanUp(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "assets"));
  writeFileSync(join(root, "index.html"), "<!doctype html><title>the viewer</title>");
  writeFileSync(join(root, "assets", "index-B1c2D3e4.js"), "export {};");
  writeFileSync(join(root, "assets", "index-B1c2D3e4.js.map"), "{}");
  writeFileSync(join(root, "icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  return root;
}

export async function startBench(
  options: Partial<ServerOptions> = {},
  hubOptions: Partial<HubOptions> = {},
): Promise<Bench> {
  const clock = options.clock ?? systemClock;
  const commands: Parameters<CommandHandler>[0][] = [];
  const handleCommand: CommandHandler = async (command) => {
    commands.push(command);
    if (command.type === "publish" && command.artifact_type === "Unknown") {
      return { ok: false, error: { code: "unknown_type", message: "There is no type Unknown" } };
    }
    if (command.type === "publish") return { ok: true, result: { artifact_id: "a1", correlation_id: "c1" } };
    if (command.stream_id === "missing") return { ok: false, error: { code: "not_found", message: "No such stream" } };
    return { ok: true, result: {} };
  };
  const lag = new LagSource();
  const hub = new Hub({
    clock,
    describe: () => ({ server: "flockdeck/test", runtime_mode: "dashboard", agents: [...AGENTS], artifact_types: {} }),
    onCommand: handleCommand,
    onLag: lag.report,
    ...hubOptions,
  });
  const backend: ServerBackend = { hub, lag, runtimeMode: "dashboard", agents: AGENTS, handleCommand };
  const server = await startServer({
    backend,
    host: "127.0.0.1",
    port: 0,
    watchToken: WATCH,
    controlToken: CONTROL,
    dashboard: false,
    version: "0.1.0",
    ...options,
  });
  onCleanUp(() => closeServer(server, clock));
  return {
    hub,
    server,
    commands,
    startStream(id, fields = {}) {
      hub.emit({
        type: "stream_started",
        stream_id: id,
        agent_name: "reporter",
        run_id: `run-${id}`,
        correlation_id: "c1",
        attempt: 1,
        artifact_type: "Article",
        model: "demo/essay",
        consumed_artifacts: ["a1"],
        started_at: clock.now(),
        ...fields,
      });
    },
    endStream(id, fields = {}) {
      hub.emit({
        type: "stream_complete",
        stream_id: id,
        agent_name: "reporter",
        status: "completed",
        duration: 1,
        timestamp: clock.now(),
        ...fields,
      });
    },
  };
}

/** Moves a clock that stands still, so that closing can wait on it. */
export async function closeServer(server: RunningServer, clock: Clock, drainMs = 0): Promise<void> {
  let isClosed = false;
  const closing = server.close({ drainMs }).then(() => {
    isClosed = true;
  });
  while (clock instanceof ManualClock && !isClosed) {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closing;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface HttpOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** A plain request that sends headers exactly as given, also the ones that `fetch` forbids. */
export function send(
  server: Pick<RunningServer, "port">,
  path: string,
  options: HttpOptions = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port: server.port,
        path,
        method: options.method ?? "GET",
        headers: options.headers ?? {},
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) });
        });
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

export function sendJson(
  server: Pick<RunningServer, "port">,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  return send(server, path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export type Subprotocol = "json" | "msgpack";

/** A standard `ws` client that speaks the protocol. */
export class Client {
  readonly ws: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly frames: { readonly bytes: number; readonly isBinary: boolean }[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #subprotocol: Subprotocol;
  readonly #waiting = new Set<() => void>();

  constructor(ws: WebSocket, subprotocol: Subprotocol) {
    this.ws = ws;
    this.#subprotocol = subprotocol;
    this.closed = new Promise((resolve) => {
      ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    ws.on("error", () => {});
    ws.on("message", (data: Buffer, isBinary) => {
      this.frames.push({ bytes: data.length, isBinary });
      const values = isBinary ? msgpackCodec.decode(new Uint8Array(data)) : jsonCodec.decode(data.toString());
      this.messages.push(...(values as ServerMessage[]));
      for (const wake of [...this.#waiting]) wake();
    });
  }

  send(...messages: ViewerMessage[]): void {
    if (this.#subprotocol === "json") for (const message of messages) this.ws.send(jsonCodec.encodeViewer(message));
    else for (const message of messages) this.ws.send(msgpackCodec.encodeViewer(message));
  }

  /** Resolves once a message fits, also one that came before. */
  until<M extends ServerMessage>(fits: (message: ServerMessage) => message is M): Promise<M>;
  until(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>;
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

  /** The text of a stream, put together as the protocol says; throws where an offset does not fit. */
  textOf(streamId: string): string {
    let text = "";
    let start = 0;
    for (const message of this.messages) {
      if (!("stream_id" in message) || message.stream_id !== streamId) continue;
      if (message.type === "stream_reset") {
        start = message.offset;
        text = message.content;
      } else if (message.type === "stream_chunk") {
        if (message.offset !== start + text.length)
          throw new Error(`offset ${message.offset}, expected ${start + text.length}`);
        text += message.chunk;
      }
    }
    return text;
  }
}

export interface ConnectOptions {
  readonly token?: string | null;
  readonly subprotocol?: Subprotocol;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly compress?: boolean;
  readonly attach?: boolean;
}

export async function connect(server: Pick<RunningServer, "port">, options: ConnectOptions = {}): Promise<Client> {
  const { token = WATCH, subprotocol = "json", headers = {}, path = "/ws", compress = true } = options;
  const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, [`flockdeck.v1.${subprotocol}`], {
    headers: { ...(token !== null && bearer(token)), ...headers },
    perMessageDeflate: compress,
  });
  onCleanUp(() => ws.terminate());
  const client = new Client(ws, subprotocol);
  await once(ws, "open");
  if (options.attach !== false && token !== null) client.send({ type: "attach" });
  return client;
}

export function isType<T extends ServerMessage["type"]>(type: T) {
  return (message: ServerMessage): message is Extract<ServerMessage, { type: T }> => message.type === type;
}
