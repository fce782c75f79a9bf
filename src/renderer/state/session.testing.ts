import { createStore } from "jotai/vanilla";
import type { ArtifactMessage, ErrorInfo, ServerMessage, StreamComplete } from "../../protocol/messages.js";
import type { Incoming } from "../connection/carrier.js";
import { TestCarrier } from "../connection/carrier.testing.js";
import type { FrameScheduler } from "./frame-scheduler.js";
import { Session } from "./session.js";

/** Frames that come when the test says so. */
export class ManualFrames implements FrameScheduler {
  #waiting: (() => void) | undefined;

  request(callback: () => void): void {
    this.#waiting = callback;
  }

  cancel(): void {
    this.#waiting = undefined;
  }

  get requested(): boolean {
    return this.#waiting !== undefined;
  }

  run(): void {
    const callback = this.#waiting;
    this.#waiting = undefined;
    callback?.();
  }
}

export const AGENTS = [
  { name: "writer", description: "Writes", consumes: ["Topic"], publishes: ["Draft"], model: "demo/essay?tps=9" },
  { name: "editor", description: "Edits", consumes: ["Draft"], publishes: ["Article"], model: "demo/essay" },
];

/** Messages as a server would send them, numbered by themselves. */
export class Script {
  #seq = 0;
  readonly #offsets = new Map<string, number>();

  hello(epoch = "e1", role: "watch" | "control" = "control"): ServerMessage {
    return {
      type: "hello",
      protocol: 1,
      server: "test",
      epoch,
      runtime_mode: "dashboard",
      role,
      limits: { retained_chars: 102_400, flush_interval_ms: 50, max_frame_bytes: 65_536 },
      agents: AGENTS,
      artifact_types: { Topic: { type: "object", properties: { title: { type: "string" } }, required: ["title"] } },
      flock: { name: "Test flock", sample: { Topic: { title: "Kites" } } },
    };
  }

  sync(): ServerMessage {
    return { type: "sync_complete", seq: this.#seq };
  }

  workflow(id: string): ServerMessage[] {
    return [
      { type: "workflow_started", seq: this.#next(), correlation_id: id, timestamp: 1_000 },
      this.artifact(`${id}-topic`, { correlation_id: id, type: "Topic", payload: { title: "Kites" } }),
    ];
  }

  artifact(id: string, patch: Partial<ArtifactMessage> = {}): ServerMessage {
    return {
      type: "artifact_published",
      seq: this.#next(),
      artifact: {
        id,
        type: "Topic",
        payload: {},
        produced_by: "external",
        correlation_id: "w",
        tags: [],
        visibility: "public",
        version: 1,
        created_at: 1_000,
        ...patch,
      },
    };
  }

  start(id: string, workflow = "w", agent = "writer"): ServerMessage[] {
    const common = { agent_name: agent, run_id: `run-${id}`, correlation_id: workflow };
    return [
      {
        type: "agent_activated",
        seq: this.#next(),
        ...common,
        consumed_types: ["Topic"],
        consumed_artifacts: [`${workflow}-topic`],
        produced_types: ["Draft"],
        timestamp: 1_000,
      },
      {
        type: "stream_started",
        seq: this.#next(),
        ...common,
        stream_id: id,
        attempt: 1,
        artifact_type: "Draft",
        model: "demo/essay",
        consumed_artifacts: [`${workflow}-topic`],
        started_at: Date.now(),
      },
    ];
  }

  /** Another attempt of the run that made the stream `of`. */
  again(id: string, of: string, attempt: number, workflow = "w", agent = "writer"): ServerMessage {
    return {
      type: "stream_started",
      seq: this.#next(),
      agent_name: agent,
      run_id: `run-${of}`,
      correlation_id: workflow,
      stream_id: id,
      attempt,
      artifact_type: "Draft",
      model: "demo/essay",
      consumed_artifacts: [`${workflow}-topic`],
      started_at: Date.now(),
    };
  }

  fault(of: string, error: ErrorInfo, willRetry: boolean, attempt = 1): ServerMessage {
    const run = { agent_name: "writer", run_id: `run-${of}`, correlation_id: "w" };
    return { type: "agent_error", seq: this.#next(), ...run, error, attempt, will_retry: willRetry, timestamp: 3_000 };
  }

  completeRun(of: string): ServerMessage {
    const run = { agent_name: "writer", run_id: `run-${of}`, correlation_id: "w" };
    return {
      type: "agent_completed",
      seq: this.#next(),
      ...run,
      duration: 2,
      artifacts_produced: [],
      timestamp: 3_000,
    };
  }

  text(id: string, chunk: string): ServerMessage {
    const offset = this.#offsets.get(id) ?? 0;
    this.#offsets.set(id, offset + chunk.length);
    return { type: "stream_chunk", stream_id: id, agent_name: "writer", chunk, offset, timestamp: Date.now() };
  }

  complete(id: string, patch: Partial<StreamComplete> = {}): ServerMessage {
    return {
      type: "stream_complete",
      seq: this.#next(),
      stream_id: id,
      agent_name: "writer",
      status: "completed",
      length: this.#offsets.get(id) ?? 0,
      duration: 2,
      timestamp: 3_000,
      ...patch,
    };
  }

  finish(workflow: string): ServerMessage {
    return {
      type: "workflow_finished",
      seq: this.#next(),
      correlation_id: workflow,
      status: "completed",
      duration: 2,
      timestamp: 3_000,
    };
  }

  #next(): number {
    this.#seq += 1;
    return this.#seq;
  }
}

export interface SessionUnderTest {
  readonly session: Session;
  readonly frames: ManualFrames;
  readonly carrier: TestCarrier;
  readonly script: Script;
  /** Delivers one flush and runs the frame that it asked for. */
  readonly deliver: (...messages: Incoming[]) => void;
}

/** A started session on a carrier that the test holds, attached and in step. */
export async function startedSession(commit?: (change: () => void) => void): Promise<SessionUnderTest> {
  const frames = new ManualFrames();
  const carrier = new TestCarrier();
  const script = new Script();
  const session = new Session({
    store: createStore(),
    open: async () => carrier,
    frames,
    ...(commit === undefined ? {} : { commit }),
  });
  session.start();
  await Promise.resolve();
  await Promise.resolve();
  const deliver = (...messages: Incoming[]) => {
    carrier.deliver(...messages);
    frames.run();
  };
  deliver(script.hello(), script.sync());
  return { session, frames, carrier, script, deliver };
}
