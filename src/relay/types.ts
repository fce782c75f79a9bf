/** The relay's outside: what carriers give it and what they get. */
import type {
  AgentWaiting,
  Cancel,
  InboundMessage,
  Publish,
  Reply,
  Role,
  SequencedMessage,
  ServerMessage,
  StreamComplete,
} from "../protocol/index.js";

type WithoutSeq<M> = M extends unknown ? Omit<M, "seq"> : never;

/** An event as the producer tells it; the hub gives it its `seq`, and a `stream_complete` its text and length. */
export type HubEvent =
  | WithoutSeq<Exclude<SequencedMessage, StreamComplete | AgentWaiting>>
  | WithoutSeq<AgentWaiting>
  | Omit<StreamComplete, "seq" | "full_content" | "length">;

/** Encodes messages into the carrier's frames. The hub calls it once per flush for all viewers in step. */
export interface FrameEncoder<Frame> {
  /** Viewers with the same id share encoded frames. */
  readonly id: string;
  /** Whether `stream_complete.full_content` may be left out for a viewer that has received every unit. */
  readonly mayOmitFullContent: boolean;
  /** `previous`: the frames that these viewers were given last, if they are in step; for compression. */
  encode(messages: readonly ServerMessage[], previous?: readonly Frame[]): readonly Frame[];
}

/** One viewer's way out, given by a carrier. No method may throw. */
export interface ViewerSink<Frame> {
  readonly encoder: FrameEncoder<Frame>;
  send(frame: Frame): void;
  /** Bytes handed over and not yet taken by the carrier; above 1 MiB the hub holds this viewer back. */
  readonly bufferedBytes: number;
  close(code: number, reason: string): void;
}

/** The commands that go the other way; answered with a `reply`, never by throwing. */
export type CommandHandler = (command: Publish | Cancel) => Promise<Omit<Reply, "type" | "request_id">>;

/** Keeps what the hub lets go of: told everything once, in order, as it happens. Must not throw, and must be quick. */
export interface HubRecorder {
  event(message: SequencedMessage): void;
  /** What has come of a stream's text since the last flush, well formed. `offset` counts UTF-16 units from the stream's beginning. */
  text(streamId: string, offset: number, text: string): void;
}

export interface ViewerOptions {
  readonly role: Role;
  /** For people: `ipc`, `websocket`, `sse`, `ndjson`. */
  readonly carrier: string;
  readonly address?: string;
  /** The program looks on by itself, for its figures: it counts for no lag. */
  readonly isObserver?: boolean;
}

/** The hub's end of one viewer. */
export interface Viewer {
  readonly id: string;
  readonly role: Role;
  readonly carrier: string;
  readonly address: string;
  readonly connectedAt: number;
  /** Units produced in the streams this viewer follows that it has not been sent. */
  readonly lagChars: number;
  receive(message: InboundMessage): void;
  /** The carrier calls this when its buffer has emptied. */
  drained(): void;
  /** Forgets the viewer; the carrier calls it when its connection is gone. */
  detach(): void;
}

/** Time, injected so that tests own it. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}
