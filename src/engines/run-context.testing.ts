import type { Artifact } from "../core/artifact.js";
import type { ArtifactType } from "../core/artifact-type.js";
import { type Clock, systemClock } from "../core/clock.js";
import { Context, type RunContext } from "../core/context.js";
import type { EngineAgent, EvalInputs } from "../core/engine.js";
import { RuntimeMode } from "../core/runtime-mode.js";

export interface ContextDouble {
  readonly context: RunContext;
  readonly appended: readonly string[];
  readonly waits: readonly { reason: string; until: number }[];
  text(): string;
  abort(reason?: unknown): void;
  /** Resolves once this many units were appended. */
  reached(units: number): Promise<void>;
}

export interface ContextDoubleOptions {
  readonly clock?: Clock;
  /** In place of the double's own, which its `abort` aborts. */
  readonly signal?: AbortSignal;
  readonly waitForProvider?: RunContext["waitForProvider"];
}

class RunContextDouble extends Context implements RunContext {
  readonly runId = "run-1";
  readonly stream: RunContext["stream"];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly waitForProvider: RunContext["waitForProvider"];

  constructor(parts: Pick<RunContext, "stream" | "signal" | "clock" | "waitForProvider">) {
    super({ board: { get: () => undefined, list: () => [] }, runtimeMode: RuntimeMode.TEST });
    this.stream = parts.stream;
    this.signal = parts.signal;
    this.clock = parts.clock;
    this.waitForProvider = parts.waitForProvider;
  }
}

export function createContextDouble(options: ContextDoubleOptions = {}): ContextDouble {
  const controller = new AbortController();
  const appended: string[] = [];
  const waits: { reason: string; until: number }[] = [];
  let length = 0;
  let watchers: { units: number; resolve: () => void }[] = [];
  const stream = {
    id: "stream-1",
    get length() {
      return length;
    },
    append(text: string) {
      appended.push(text);
      length += text.length;
      for (const watcher of watchers) if (watcher.units <= length) watcher.resolve();
      watchers = watchers.filter((watcher) => watcher.units > length);
    },
  };
  const context = new RunContextDouble({
    stream,
    signal: options.signal ?? controller.signal,
    clock: options.clock ?? systemClock,
    waitForProvider: async (reason, until) => {
      waits.push({ reason, until });
      await options.waitForProvider?.(reason, until);
    },
  });
  return {
    context,
    appended,
    waits,
    text: () => appended.join(""),
    abort: (reason) => controller.abort(reason),
    reached: (units) =>
      length >= units
        ? Promise.resolve()
        : new Promise((resolve) => watchers.push({ units, resolve: () => resolve() })),
  };
}

/** A promise with the function that resolves it. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; id: number; callback: () => void }[] = [];
  #ids = 0;
  /** Timers set so far. */
  get timersSet(): number {
    return this.#ids;
  }
  now(): number {
    return this.#now;
  }
  setTimeout(callback: () => void, ms: number): unknown {
    this.#ids += 1;
    this.#timers.push({ at: this.#now + ms, id: this.#ids, callback });
    return this.#ids;
  }
  clearTimeout(handle: unknown): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== handle);
  }
  get pending(): number {
    return this.#timers.length;
  }
  /** Moves on, running what is due in order and letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settle();
      const [next] = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.id - b.id);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.clearTimeout(next.id);
      next.callback();
    }
    this.#now = until;
    await settle();
  }
  /** Sets the time without running anything. */
  jump(ms: number): void {
    this.#now += ms;
  }
}

/** Runs at once what waits for no more than a second, such as a retry. */
export class HastyClock extends ManualClock {
  /** The short waits so far, in milliseconds. */
  readonly slept: number[] = [];

  override setTimeout(callback: () => void, ms: number): unknown {
    if (ms > 1000) return super.setTimeout(callback, ms);
    this.slept.push(ms);
    setImmediate(() => {
      this.jump(ms);
      callback();
    });
    return undefined;
  }
}

async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

export const agent = (name = "writer", description = "Write a short article on the topic."): EngineAgent => ({
  name,
  description,
  model: "demo/essay",
});

export const textType = (name = "Article"): ArtifactType => ({
  name,
  isText: true,
  jsonSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  check: (payload) =>
    typeof (payload as { text?: unknown } | null)?.text === "string"
      ? { ok: true, payload }
      : { ok: false, issues: [{ path: "$.text", reason: "must be a string" }] },
});

export const artifact = (payload: unknown, type = "Topic"): Artifact => ({
  id: "artifact-1",
  type,
  payload,
  producedBy: "external",
  correlationId: "workflow-1",
  tags: [],
  visibility: { kind: "public" },
  version: 1,
  createdAt: 0,
});

export const inputs = (parts: Partial<EvalInputs> = {}): EvalInputs => ({
  artifacts: [artifact({ title: "The history of flight" })],
  output: { types: [textType()], fanOut: 1 },
  attempt: 1,
  ...parts,
});
