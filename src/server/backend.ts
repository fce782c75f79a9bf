/** What the server serves: a hub to watch, a door for commands, and questions about what happened. */
import type { AgentInfo, ArtifactMessage, ErrorInfo, Outcome, RuntimeModeName, Usage } from "../protocol/index.js";
import type { CommandHandler, Hub } from "../relay/index.js";

/** The part of the hub that the server uses. */
export type ViewerHub = Pick<Hub, "epoch" | "addViewer" | "store" | "counters">;

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

export interface StreamInfo {
  readonly stream_id: string;
  readonly agent_name: string;
  readonly run_id: string;
  readonly correlation_id: string;
  readonly attempt: number;
  readonly artifact_type: string;
  readonly model: string;
  readonly consumed_artifacts: readonly string[];
  readonly started_at: number;
  readonly status: "live" | Outcome;
  /** UTF-16 code units produced so far. */
  readonly length: number;
  readonly duration?: number | undefined;
  readonly usage?: Usage | undefined;
  readonly error?: ErrorInfo | undefined;
}

/** `content` is the retained text; it begins at `offset`. */
export interface StreamDetail extends StreamInfo {
  readonly offset: number;
  readonly content: string;
}

export interface RunInfo {
  readonly run_id: string;
  readonly agent_name: string;
  readonly state: "running" | "waiting" | Outcome;
  readonly started_at: number;
  readonly duration?: number | undefined;
  readonly consumed_artifacts: readonly string[];
  readonly artifacts_produced: readonly string[];
  readonly usage?: Usage | undefined;
  readonly error?: ErrorInfo | undefined;
}

export interface WorkflowInfo {
  readonly correlation_id: string;
  readonly status: "running" | Outcome;
  readonly started_at: number;
  readonly duration?: number | undefined;
}

export interface WorkflowDetail extends WorkflowInfo {
  readonly runs: readonly RunInfo[];
  readonly artifacts: readonly string[];
  readonly streams: readonly string[];
}

/** A cursor that is not from this server, or from before it started. */
export class InvalidCursorError extends Error {}

/** Answers to REST's questions. Lists throw `InvalidCursorError`; `undefined` means that there is no such thing. */
export interface ServerQueries {
  artifacts(query: ListQuery): Promise<Page<ArtifactMessage>>;
  artifact(id: string): Promise<ArtifactMessage | undefined>;
  streams(query: ListQuery): Promise<Page<StreamInfo>>;
  stream(id: string): Promise<StreamDetail | undefined>;
  workflows(query: ListQuery): Promise<Page<WorkflowInfo>>;
  workflow(correlationId: string): Promise<WorkflowDetail | undefined>;
}

export interface ServerBackend {
  readonly hub: ViewerHub;
  readonly runtimeMode: RuntimeModeName;
  readonly agents: readonly AgentInfo[];
  readonly handleCommand: CommandHandler;
  /** What the hub's `onLag` tells, for the lag histogram. */
  readonly lag?: LagSource | undefined;
  /** Where it is absent, the server answers from what it saw of the hub's events. */
  readonly queries?: ServerQueries | undefined;
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
