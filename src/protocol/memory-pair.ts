import type { Codec } from "./codec.js";
import { decodeServerFrame, decodeViewerFrame } from "./codec.js";
import type { ServerMessage, ViewerMessage } from "./messages.js";
import type { InboundMessage } from "./parse.js";
import type { Transport } from "./transport.js";

/** One end of an in-memory pair. Frames arrive in order, never within `send`. */
export interface MemoryEnd<Out, In> extends Transport<Out, In> {
  /** Sizes of the frames sent and not yet taken by the other end. */
  readonly bufferedBytes: number;
  readonly closed: boolean;
  onDrain(listener: () => void): () => void;
  /** Stops taking frames, as a reader that is too slow does; they pile up at the sender. */
  pause(): void;
  resume(): void;
}

const open = new Set<object>();

/** How many ends made here have not been closed: tests check that none is left. */
export function openMemoryEnds(): number {
  return open.size;
}

/** A pair that carries values as they are. Both ends must be closed by closing either. */
export function createFramePair<A, B>(sizeOf: (frame: A | B) => number = () => 0): [MemoryEnd<A, B>, MemoryEnd<B, A>] {
  const left = new End<A, B>(sizeOf);
  const right = new End<B, A>(sizeOf);
  left.peer = right;
  right.peer = left;
  open.add(left);
  open.add(right);
  return [left, right];
}

/** The size of a JSON or MessagePack frame. */
export function frameSize(frame: string | Uint8Array): number {
  return frame.length;
}

/**
 * A server's and a viewer's end in one process. Every message goes through the codec, so that nothing works only
 * in-process.
 */
export function createMemoryPair<Frame extends string | Uint8Array>(
  codec: Codec<Frame>,
): { server: Transport<readonly ServerMessage[], InboundMessage>; viewer: Transport<ViewerMessage, ServerMessage[]> } {
  const [server, viewer] = createFramePair<Frame, Frame>(frameSize);
  return { server: serverTransport(server, codec), viewer: viewerTransport(viewer, codec) };
}

/** The viewer's end of a carrier of frames. A frame that does not fit the protocol closes it with 1008. */
export function viewerTransport<Frame>(
  frames: Transport<Frame, Frame>,
  codec: Codec<Frame>,
): Transport<ViewerMessage, ServerMessage[]> {
  return {
    send: (message) => frames.send(codec.encodeViewer(message)),
    onMessage: (listener) =>
      frames.onMessage((frame) => guard(frames, () => decodeServerFrame(codec, frame), listener)),
    onClose: (listener) => frames.onClose(listener),
    close: (code, reason) => frames.close(code, reason),
  };
}

/** The server's end of a carrier of frames. */
export function serverTransport<Frame>(
  frames: Transport<Frame, Frame>,
  codec: Codec<Frame>,
): Transport<readonly ServerMessage[], InboundMessage> {
  return {
    send: (messages) => {
      for (const frame of codec.encode(messages)) frames.send(frame);
    },
    onMessage: (listener) =>
      frames.onMessage((frame) =>
        guard(
          frames,
          () => decodeViewerFrame(codec, frame),
          (messages) => {
            for (const message of messages) listener(message);
          },
        ),
      ),
    onClose: (listener) => frames.onClose(listener),
    close: (code, reason) => frames.close(code, reason),
  };
}

function guard<T>(frames: Transport<unknown, unknown>, decode: () => T, listener: (value: T) => void): void {
  let value: T;
  try {
    value = decode();
  } catch (fault) {
    frames.close(1008, fault instanceof Error ? fault.message.slice(0, 100) : "invalid message");
    return;
  }
  listener(value);
}

interface CloseReason {
  code: number;
  reason: string;
}

class End<Out, In> implements MemoryEnd<Out, In> {
  peer: End<In, Out> | null = null;
  bufferedBytes = 0;
  closed = false;
  readonly #sizeOf: (frame: Out) => number;
  readonly #inbox: In[] = [];
  readonly #onMessage = new Set<(message: In) => void>();
  readonly #onClose = new Set<(reason: CloseReason) => void>();
  readonly #onDrain = new Set<() => void>();
  #paused = false;
  #scheduled = false;

  constructor(sizeOf: (frame: Out) => number) {
    this.#sizeOf = sizeOf;
  }

  send(message: Out): void {
    if (this.closed || this.peer === null) return;
    this.bufferedBytes += this.#sizeOf(message);
    this.peer.#inbox.push(message);
    this.peer.#schedule();
  }

  onMessage(listener: (message: In) => void): () => void {
    this.#onMessage.add(listener);
    this.#schedule();
    return () => this.#onMessage.delete(listener);
  }

  onClose(listener: (reason: CloseReason) => void): () => void {
    this.#onClose.add(listener);
    return () => this.#onClose.delete(listener);
  }

  onDrain(listener: () => void): () => void {
    this.#onDrain.add(listener);
    return () => this.#onDrain.delete(listener);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  close(code = 1000, reason = ""): void {
    const { peer } = this;
    this.#end({ code, reason });
    // What was sent before closing still arrives, as on a socket.
    if (peer !== null) queueMicrotask(() => peer.#drainThenEnd({ code, reason }));
  }

  #drainThenEnd(reason: CloseReason): void {
    this.#deliver();
    this.#end(reason);
  }

  #end(reason: CloseReason): void {
    if (this.closed) return;
    this.closed = true;
    open.delete(this);
    this.#inbox.length = 0;
    for (const listener of [...this.#onClose]) listener(reason);
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused || this.closed || this.#inbox.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#onMessage.size === 0) return;
    while (!this.#paused && !this.closed) {
      const message = this.#inbox.shift();
      if (message === undefined) break;
      this.peer?.taken(message);
      for (const listener of [...this.#onMessage]) listener(message);
    }
    if (this.#inbox.length === 0) this.peer?.drained();
  }

  taken(message: Out): void {
    this.bufferedBytes -= this.#sizeOf(message);
  }

  drained(): void {
    for (const listener of [...this.#onDrain]) listener();
  }
}
