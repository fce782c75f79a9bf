/** What the server serves: a hub to watch, a door for commands, and questions about what happened. */
import type { AgentInfo, ArtifactMessage, RuntimeModeName } from "../protocol/index.js";
import type {
  CommandHandler,
  Hub,
  RunSnapshot,
  StreamDetail,
  StreamSnapshot,
  WorkflowSnapshot,
} from "../relay/index.js";
import type { Recording } from "../runtime/recordings.js";

export interface ListQuery {
  readonly type?: string | undefined;
  readonly correlation_id?: string | undefined;
  readonly produced_by?: string | undefined;
  readonly tag?: string | undefined;
  /** Inclusive, in milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  /** As a former page gave it. */
  readonly cursor?: string | undefined;
}

/** Oldest first. `next_cursor` is null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

export interface WorkflowDetail extends WorkflowSnapshot {
  readonly runs: readonly RunSnapshot[];
  /** Ids. */
  readonly artifacts: readonly string[];
  readonly streams: readonly string[];
}

/** A cursor that is not from this server, or from before it started. */
export class InvalidCursorError extends Error {}

/** Answers to REST's questions. Lists throw `InvalidCursorError`; `undefined` means that there is no such thing. */
export interface ServerQueries {
  agents(query: ListQuery): Promise<Page<AgentInfo>>;
  artifacts(query: ListQuery): Promise<Page<ArtifactMessage>>;
  artifact(id: string): Promise<ArtifactMessage | undefined>;
  streams(query: ListQuery): Promise<Page<StreamSnapshot>>;
  stream(id: string): Promise<StreamDetail | undefined>;
  workflows(query: ListQuery): Promise<Page<WorkflowSnapshot>>;
  workflow(correlationId: string): Promise<WorkflowDetail | undefined>;
}

/** This session's recording, with everything that has happened so far; null where there is none. The reader closes it. */
export interface HistorySource {
  /** False once nothing more is recorded. */
  readonly isRecording: boolean;
  read(): Promise<Recording | null>;
}

export interface ServerBackend {
  readonly hub: Hub;
  readonly runtimeMode: RuntimeModeName;
  readonly agents: readonly AgentInfo[];
  readonly handleCommand: CommandHandler;
  /** What the hub's `onLag` tells, for the lag histogram. */
  readonly lag?: LagSource | undefined;
  /** What keeps more than the hub does. Where it is absent, the server answers from what the hub retains. */
  readonly history?: HistorySource | undefined;
}

export type LagListener = (lagMs: number, viewers: number) => void;

/** Carries the hub's lag reports to servers that come and go: `new Hub({ onLag: lag.report })`, then `{ hub, lag }`. */
export class LagSource {
  readonly #listeners = new Set<LagListener>();

  readonly report: LagListener = (lagMs, viewers) => {
    for (const listener of this.#listeners) listener(lagMs, viewers);
  };

  /** Returns how to stop listening. */
  subscribe(listener: LagListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Pino's shape, as far as the server uses it. */
export interface ServerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: ServerLogger = { info: () => {}, warn: () => {}, error: () => {} };
