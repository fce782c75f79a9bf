import type { Artifact } from "./artifact.js";
import type { Clock } from "./clock.js";
import { frozenCopy } from "./deep-freeze.js";
import { RuntimeMode } from "./runtime-mode.js";

/** What an agent may read of the blackboard: only what is visible to it. */
export interface BoardView {
  get(id: string): Artifact | undefined;
  list(filter?: { type?: string; correlationId?: string; tag?: string; producedBy?: string }): readonly Artifact[];
}

export interface ContextInit {
  readonly board: BoardView;
  /** Default `cli`. */
  readonly runtimeMode?: RuntimeMode;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly correlationId?: string;
  /** False when a CLI run writes NDJSON instead of a terminal: then there is nothing to collide with. Default true. */
  readonly console?: boolean;
}

const MODES: ReadonlySet<string> = new Set(Object.values(RuntimeMode));

const sealed = new WeakSet<object>();

/** A frozen copy of the plain data in it, made once: every run hands on what its flock was given. */
function sealMetadata(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (sealed.has(metadata)) return metadata;
  const copy = frozenCopy({ ...metadata });
  sealed.add(copy);
  return copy;
}

/** Execution context passed through the system. Frozen: nothing can change its runtime mode. */
export class Context {
  readonly board: BoardView;
  readonly runtimeMode: RuntimeMode;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly correlationId: string | undefined;
  readonly #console: boolean;

  /** @throws TypeError for a runtime mode that there is none of. */
  constructor(init: ContextInit) {
    const { runtimeMode = RuntimeMode.CLI } = init;
    if (!MODES.has(runtimeMode)) {
      throw new TypeError(`There is no runtime mode "${runtimeMode}". Choose from: ${[...MODES].join(", ")}.`);
    }
    this.board = init.board;
    this.runtimeMode = runtimeMode;
    this.metadata = sealMetadata(init.metadata ?? {});
    this.correlationId = init.correlationId;
    this.#console = init.console ?? true;
    if (new.target === Context) Object.freeze(this);
  }

  /** Whether several streams may be live at once. */
  get allowsParallelStreaming(): boolean {
    return !this.shouldStreamToConsole;
  }

  /** Whether streams go to a terminal, which can show one at a time. */
  get shouldStreamToConsole(): boolean {
    return this.runtimeMode === RuntimeMode.CLI && this.#console;
  }

  /** Whether streams go to viewers over WebSocket or IPC. */
  get shouldStreamToWebSocket(): boolean {
    return this.runtimeMode === RuntimeMode.DASHBOARD || this.runtimeMode === RuntimeMode.API;
  }
}

/** Where an engine puts its text. Append-only: offsets hold. */
export interface OutputStream {
  readonly id: string;
  /** UTF-16 units appended so far. */
  readonly length: number;
  append(text: string): void;
}

/** The context of one engine call. */
export interface RunContext extends Context {
  readonly runId: string;
  readonly stream: OutputStream;
  /** Aborts on cancel, deadline and shutdown. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Tells viewers that the provider asked to wait, and waits until then (milliseconds since 1970) or until cancelled. */
  waitForProvider(reason: string, until: number): Promise<void>;
}
