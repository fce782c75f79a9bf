/**
 * The window's carrier: one MessagePort per page load. Messages cross by structured clone, in the arrays in which the
 * relay flushed them; nothing is ever transferred, because a transferred ArrayBuffer loses the message.
 */
import {
  type DesktopMessage,
  type DesktopRequest,
  desktopRequestSchema,
  faultText,
  type Reply,
  type Role,
  type ServerMessage,
  type ViewerMessage,
  viewerMessageSchema,
} from "../protocol/index.js";
import type { FrameEncoder, Viewer, ViewerOptions, ViewerSink } from "../runtime/index.js";

/** The part of Electron's MessagePortMain that is needed. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The hub of a running flock, as far as a carrier needs it. */
export interface ViewerHub {
  addViewer(sink: ViewerSink<readonly ServerMessage[]>, options: ViewerOptions): Viewer;
}

/** A frame is the array itself: the port clones it. */
export const ipcEncoder: FrameEncoder<readonly ServerMessage[]> = {
  id: "ipc",
  mayOmitFullContent: false,
  encode: (messages) => [messages],
};

function units(message: ServerMessage): number {
  if (message.type === "stream_chunk") return message.chunk.length;
  if (message.type === "stream_reset") return message.content.length;
  return 0;
}

export interface IpcHandlers {
  /** The page has attached: it listens. */
  onAttach(): void;
  onRequest(request: DesktopRequest): Promise<Omit<Reply, "type" | "request_id">>;
  /** `byHub`: the relay gave this viewer up, though the page may still be there and may come back on a new port. */
  onClose(byHub: boolean): void;
}

export class IpcConnection {
  readonly #port: Port;
  readonly #handlers: IpcHandlers;
  #hub: ViewerHub | undefined;
  #role: Role = "control";
  #viewer: Viewer | undefined;
  #attached = false;
  #acks = false;
  #sentUnits = 0;
  /** Units sent on this port by hubs before the present one: the page's acknowledgements count them too. */
  #sentBefore = 0;
  #closed = false;

  constructor(port: Port, handlers: IpcHandlers) {
    this.#port = port;
    this.#handlers = handlers;
    port.on("message", ({ data }) => this.#receive(data));
    port.on("close", () => this.#end(false));
    port.start();
  }

  /** Shows another flock on the same port: a new `hello` with a new epoch, then everything of that flock. */
  watch(hub: ViewerHub, role: Role = "control"): void {
    if (this.#closed) return;
    this.#viewer?.detach();
    this.#viewer = undefined;
    this.#hub = hub;
    this.#role = role;
    this.#sentBefore = this.#sentUnits;
    if (this.#attached) this.#join(hub).receive({ type: "attach", acks: this.#acks });
  }

  /** Sends what is no part of the protocol: the desktop's own state and commands. */
  tell(message: DesktopMessage | Reply): void {
    if (!this.#closed) this.#port.postMessage([message]);
  }

  close(): void {
    this.#closeBy(false);
  }

  #closeBy(hub: boolean): void {
    if (this.#closed) return;
    this.#end(hub);
    this.#port.close();
  }

  #join(hub: ViewerHub): Viewer {
    const sink: ViewerSink<readonly ServerMessage[]> = {
      encoder: ipcEncoder,
      bufferedBytes: 0,
      send: (frame) => this.#send(frame),
      close: () => this.#closeBy(true),
    };
    this.#viewer = hub.addViewer(sink, { role: this.#role, carrier: "ipc" });
    return this.#viewer;
  }

  #send(frame: readonly ServerMessage[]): void {
    if (this.#closed) return;
    for (const message of frame) this.#sentUnits += units(message);
    this.#port.postMessage(frame);
  }

  #receive(data: unknown): void {
    const request = desktopRequestSchema.safeParse(data);
    if (request.success) {
      void this.#answer(request.data);
      return;
    }
    const message = viewerMessageSchema.safeParse(data);
    if (message.success) this.#forward(message.data);
    else this.#refuse(data, faultText(message.error));
  }

  #forward(message: ViewerMessage): void {
    if (message.type === "attach") {
      this.#attached = true;
      this.#acks = message.acks ?? false;
      this.#handlers.onAttach();
      if (this.#hub !== undefined && this.#viewer === undefined) this.#join(this.#hub);
    }
    if (message.type === "ack") {
      this.#viewer?.receive({ ...message, chars: Math.max(0, message.chars - this.#sentBefore) });
    } else if (this.#viewer !== undefined) this.#viewer.receive(message);
    else if ("request_id" in message) {
      const error = { code: "not_found", message: "No flock is open. Open a flock file first" };
      this.tell({ type: "reply", request_id: message.request_id, ok: false, error });
    }
  }

  async #answer(request: DesktopRequest): Promise<void> {
    this.tell({ type: "reply", request_id: request.request_id, ...(await this.#handlers.onRequest(request)) });
  }

  /** A malformed request that names itself gets an answer; anything else is dropped, since only our own page can send. */
  #refuse(data: unknown, reason: string): void {
    if (typeof data !== "object" || data === null || !("request_id" in data)) return;
    if (typeof data.request_id !== "string") return;
    const error = { code: "invalid_message", message: reason };
    this.tell({ type: "reply", request_id: data.request_id, ok: false, error });
  }

  #end(byHub: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#viewer?.detach();
    this.#viewer = undefined;
    this.#handlers.onClose(byHub);
  }
}
