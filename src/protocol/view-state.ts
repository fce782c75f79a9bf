/** What a viewer knows: the shapes that `applyMessages` keeps. Entries are replaced, never mutated, between two calls. */
import type {
  AgentActivated,
  AgentInfo,
  ArtifactMessage,
  ErrorInfo,
  Hello,
  Outcome,
  Reply,
  StreamReset,
  StreamStarted,
  Usage,
} from "./messages.js";
import type { StreamText } from "./stream-text.js";

export interface WorkflowView {
  readonly id: string;
  readonly status: "running" | Outcome;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Seconds; null while it runs. */
  readonly duration: number | null;
}

export interface RunFault extends ErrorInfo {
  readonly seq: number;
  readonly attempt: number;
  readonly willRetry: boolean;
  readonly timestamp: number;
}

export interface RunView {
  readonly id: string;
  readonly activated: AgentActivated;
  readonly status: "running" | "waiting" | Outcome;
  /** The provider asked to wait, until then (milliseconds since 1970). Null once text flows again. */
  readonly waiting: { readonly reason: string; readonly until: number } | null;
  /** Every failed attempt, oldest first. */
  readonly faults: readonly RunFault[];
  /** In the order in which they started. */
  readonly streamIds: readonly string[];
  readonly artifactsProduced: readonly string[];
  readonly usage: Usage | null;
  /** Seconds; null while it runs. */
  readonly duration: number | null;
}

export interface StreamView {
  readonly id: string;
  /** Agent, run, workflow, attempt, model, consumed artifacts, start time, as told by `stream_started`. */
  readonly started: StreamStarted;
  readonly status: "live" | Outcome;
  /** Mutable and shared with older views of this stream; `revision` tells that it changed. */
  readonly text: StreamText;
  /** Grows with every change of this stream. */
  readonly revision: number;
  /** Units produced, as far as told. More than `text.end` while the stream is out of focus or a gap is open. */
  readonly length: number;
  /** Units at the beginning that this viewer was told it cannot have. */
  readonly lostUnits: number;
  readonly lastReset: { readonly reason: StreamReset["reason"]; readonly offset: number } | null;
  /** A gap was seen that the server did not tell: attach again to fill it. */
  readonly needsAttach: boolean;
  /** Milliseconds since 1970 by the server's clock; null if not seen (or not told). */
  readonly firstTextAt: number | null;
  readonly lastTextAt: number | null;
  /** Seconds; null while live. */
  readonly duration: number | null;
  readonly usage: Usage | null;
  readonly error: ErrorInfo | null;
}

export interface AgentView {
  readonly info: AgentInfo;
  /** Runs by state. */
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export interface ArtifactView {
  readonly seq: number;
  readonly artifact: ArtifactMessage;
}

/** Maps keep the order of arrival. Mutated in place by `applyMessages`; the entries are not. */
export interface ViewState {
  hello: Hello | null;
  /** False between `hello` and `sync_complete`. */
  synced: boolean;
  /** The highest `seq` applied; `since_seq` of the next attach. */
  lastSeq: number;
  /** Text units received since `hello`: what `ack` reports. */
  receivedChars: number;
  readonly agents: Map<string, AgentView>;
  readonly workflows: Map<string, WorkflowView>;
  readonly runs: Map<string, RunView>;
  readonly streams: Map<string, StreamView>;
  readonly artifacts: Map<string, ArtifactView>;
}

/** What one `applyMessages` changed: ids whose entry in the state is a new object. */
export interface Changes {
  /** `hello` came: a new connection, perhaps of a new epoch. */
  hello: boolean;
  /** Another epoch: everything known before is gone. */
  cleared: boolean;
  /** `sync_complete` came. */
  synced: boolean;
  /** At least one stream has a gap that only attaching again can fill. */
  needsAttach: boolean;
  readonly agents: Set<string>;
  readonly workflows: Set<string>;
  readonly runs: Set<string>;
  readonly streams: Set<string>;
  readonly artifacts: Set<string>;
  /** Answers to this viewer's requests, in order. */
  readonly replies: Reply[];
}

export function createViewState(): ViewState {
  return {
    hello: null,
    synced: false,
    lastSeq: 0,
    receivedChars: 0,
    agents: new Map(),
    workflows: new Map(),
    runs: new Map(),
    streams: new Map(),
    artifacts: new Map(),
  };
}

export function createChanges(): Changes {
  return {
    hello: false,
    cleared: false,
    synced: false,
    needsAttach: false,
    agents: new Set(),
    workflows: new Set(),
    runs: new Set(),
    streams: new Set(),
    artifacts: new Set(),
    replies: [],
  };
}
