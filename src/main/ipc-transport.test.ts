import { expect, test, vi } from "vitest";
import type { InboundMessage, ServerMessage } from "../protocol/index.js";
import type { Viewer, ViewerOptions, ViewerSink } from "../runtime/index.js";
import { IpcConnection, type IpcHandlers, type Port, type ViewerHub } from "./ipc-transport.js";

class FakePort implements Port {
  readonly sent: unknown[] = [];
  closed = false;
  #message: (event: { data: unknown }) => void = () => {};
  #close: () => void = () => {};

  postMessage(message: unknown): void {
    if (this.closed) throw new Error("posted on a closed port");
    this.sent.push(structuredClone(message));
  }
  on(event: "message" | "close", listener: ((event: { data: unknown }) => void) & (() => void)): void {
    if (event === "message") this.#message = listener;
    else this.#close = listener;
  }
  start(): void {}
  close(): void {
    this.closed = true;
  }
  arrive(data: unknown): void {
    this.#message({ data });
  }
  pageGone(): void {
    this.closed = true;
    this.#close();
  }
}

class FakeHub implements ViewerHub {
  readonly received: InboundMessage[] = [];
  sink: ViewerSink<readonly ServerMessage[]> | undefined;
  options: ViewerOptions | undefined;
  detached = 0;

  addViewer(sink: ViewerSink<readonly ServerMessage[]>, options: ViewerOptions): Viewer {
    this.sink = sink;
    this.options = options;
    return {
      id: "v1",
      role: options.role,
      carrier: options.carrier,
      address: "",
      connectedAt: 0,
      lagChars: 0,
      receive: (message) => this.received.push(message),
      drained: () => {},
      detach: () => {
        this.detached += 1;
      },
    };
  }
  chunk(text: string): void {
    const message: ServerMessage = {
      type: "stream_chunk",
      stream_id: "s",
      agent_name: "a",
      chunk: text,
      offset: 0,
      timestamp: 0,
    };
    for (const frame of this.sink?.encoder.encode([message]) ?? []) this.sink?.send(frame);
  }
}

function setup() {
  const port = new FakePort();
  const handlers = {
    onAttach: vi.fn<IpcHandlers["onAttach"]>(),
    onRequest: vi.fn<IpcHandlers["onRequest"]>(async () => ({ ok: true, result: { outcome: "opened" } })),
    onClose: vi.fn<IpcHandlers["onClose"]>(),
  };
  return { port, handlers, connection: new IpcConnection(port, handlers), hub: new FakeHub() };
}

test("a page that attaches becomes a viewer with the control role", () => {
  const { port, connection, hub, handlers } = setup();
  connection.watch(hub);
  expect(hub.sink).toBeUndefined();
  port.arrive({ type: "attach", acks: true });
  expect(hub.options).toEqual({ role: "control", carrier: "ipc" });
  expect(hub.received).toEqual([{ type: "attach", acks: true }]);
  expect(handlers.onAttach).toHaveBeenCalledOnce();
});

test("a page that attached before any flock was open joins once there is one", () => {
  const { port, connection, hub } = setup();
  port.arrive({ type: "attach", acks: true });
  connection.watch(hub);
  expect(hub.received).toEqual([{ type: "attach", acks: true }]);
});

test("a flush crosses as one array of messages", () => {
  const { port, connection, hub } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach" });
  hub.chunk("one");
  expect(port.sent).toEqual([[expect.objectContaining({ type: "stream_chunk", chunk: "one" })]]);
});

test("another flock takes over the same port, attached anew", () => {
  const { port, connection, hub } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach", acks: true, epoch: "old", cursors: { s: 3 } });
  const next = new FakeHub();
  connection.watch(next);
  expect(hub.detached).toBe(1);
  expect(next.received).toEqual([{ type: "attach", acks: true }]);
  expect(port.closed).toBe(false);
});

test("acknowledgements reach a later flock without what earlier ones sent", () => {
  const { port, connection, hub } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach", acks: true });
  hub.chunk("12345");
  const next = new FakeHub();
  connection.watch(next);
  next.chunk("123");
  port.arrive({ type: "ack", chars: 4 });
  port.arrive({ type: "ack", chars: 8 });
  expect(next.received.slice(1)).toEqual([
    { type: "ack", chars: 0 },
    { type: "ack", chars: 3 },
  ]);
});

test("commands reach the hub as they are", () => {
  const { port, connection, hub } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach" });
  const publish = { type: "publish", request_id: "r1", artifact_type: "Topic", payload: { title: "x" } };
  port.arrive(publish);
  port.arrive({ type: "cancel", request_id: "r2", stream_id: "s" });
  expect(hub.received.slice(1)).toEqual([publish, { type: "cancel", request_id: "r2", stream_id: "s" }]);
});

test.each([
  ["no message", "text", undefined],
  ["an unknown type", { type: "set_mode", mode: "cli" }, undefined],
  ["a malformed command", { type: "cancel", request_id: "r1" }, "r1"],
  ["a malformed desktop request", { type: "desktop_request", request_id: "r2", method: "run_shell" }, "r2"],
])("%s never reaches the hub", (_what, data, answered) => {
  const { port, connection, hub } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach" });
  port.arrive(data);
  expect(hub.received).toHaveLength(1);
  const error = { code: "invalid_message", message: expect.stringMatching(/^[^\n]+$/) };
  const replies = answered === undefined ? [] : [[{ type: "reply", ok: false, request_id: answered, error }]];
  expect(port.sent).toEqual(replies);
});

test("a command without an open flock is answered", () => {
  const { port } = setup();
  port.arrive({ type: "cancel", request_id: "r1", stream_id: "s" });
  expect(port.sent).toEqual([[expect.objectContaining({ type: "reply", request_id: "r1", ok: false })]]);
});

test("desktop requests are answered on the same port", async () => {
  const { port } = setup();
  port.arrive({ type: "desktop_request", request_id: "r9", method: "open_file", path: "/a.yaml" });
  await vi.waitFor(() => expect(port.sent).toHaveLength(1));
  expect(port.sent[0]).toEqual([{ type: "reply", request_id: "r9", ok: true, result: { outcome: "opened" } }]);
});

test("a page that is gone is no viewer any more, and nothing is posted to it", () => {
  const { port, connection, hub, handlers } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach" });
  port.pageGone();
  hub.chunk("late");
  connection.watch(new FakeHub());
  expect(hub.detached).toBe(1);
  expect(handlers.onClose.mock.calls).toEqual([[false]]);
  expect(port.sent).toEqual([]);
});

test("a viewer that the relay gives up loses its port, so that the page can come back on another", () => {
  const { port, connection, hub, handlers } = setup();
  connection.watch(hub);
  port.arrive({ type: "attach" });
  hub.sink?.close(4408, "Acknowledgement came too late");
  expect(port.closed).toBe(true);
  expect(hub.detached).toBe(1);
  expect(handlers.onClose.mock.calls).toEqual([[true]]);
});
