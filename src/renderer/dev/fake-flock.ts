/** A newsroom that needs no server: it answers the protocol in the page, for development, tests and benchmarks. */
import type { AgentInfo, ArtifactMessage, ServerMessage, StreamComplete } from "../../protocol/messages.js";
import type { Carrier, Incoming, Outgoing } from "../connection/carrier.js";
import { essay } from "./essay.js";
import { fakeDesktopState } from "./fake-desktop.js";

type SequencedBody = { [key: string]: unknown; type: ServerMessage["type"] };

export interface FakeAgent extends AgentInfo {
  readonly chars?: number;
  /** UTF-16 units a second. */
  readonly speed?: number;
  readonly fails?: boolean;
  readonly waitsMs?: number;
  /** UTF-16 units that are there from the start. */
  readonly prefill?: number;
}

export interface FakeFlockOptions {
  readonly name: string;
  readonly agents: readonly FakeAgent[];
  readonly types: Record<string, unknown>;
  readonly sample: Record<string, unknown>;
  readonly desktop?: boolean;
  readonly role?: "watch" | "control";
  readonly flushMs?: number;
  /** What an agent writes: at least so many units. An essay unless given. */
  readonly text?: (agent: string, units: number) => string;
}

interface Live {
  readonly id: string;
  readonly agent: FakeAgent;
  readonly run: string;
  readonly workflow: string;
  readonly text: string;
  readonly startedAt: number;
  sent: number;
  /** Offset up to which the viewer has the text. */
  delivered: number;
}

let nextId = 1;
const id = (prefix: string) => `${prefix}-${(nextId++).toString(36).padStart(6, "0")}`;

export class FakeFlock {
  readonly #options: FakeFlockOptions;
  readonly #epoch = id("epoch");
  readonly #log: ServerMessage[] = [];
  readonly #live = new Map<string, Live>();
  readonly #started = new Set<string>();
  readonly #board: ArtifactMessage[] = [];
  #seq = 0;
  #listener: ((messages: readonly Incoming[]) => void) | undefined;
  #focus: Set<string> | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: FakeFlockOptions) {
    this.#options = options;
  }

  open(): Promise<Carrier> {
    return Promise.resolve({
      send: (message) => this.#receive(message),
      onMessage: (listener) => {
        this.#listener = listener;
        return () => {
          this.#listener = undefined;
        };
      },
      onClose: () => () => {},
      close: () => clearInterval(this.#timer),
    });
  }

  /** Lets go of all that was written. */
  forget(): void {
    this.#log.length = 0;
    this.#board.length = 0;
  }

  /** Delivers messages as the server would, in one flush. */
  push(messages: readonly Incoming[]): void {
    this.#listener?.(messages);
  }

  #event(body: SequencedBody): void {
    this.#seq += 1;
    const message = { seq: this.#seq, timestamp: Date.now(), ...body } as unknown as ServerMessage;
    this.#log.push(message);
    this.push([message]);
  }

  #receive(message: Outgoing): void {
    if (message.type === "attach") queueMicrotask(() => this.#attach());
    else if (message.type === "publish") {
      const workflow = id("wf");
      this.#reply(message.request_id, { artifact_id: "x", correlation_id: workflow });
      this.#event({ type: "workflow_started", correlation_id: workflow });
      this.#publish(message.artifact_type, message.payload, "user", workflow);
    } else if (message.type === "cancel") {
      for (const live of [...this.#live.values()]) {
        if (live.id === message.stream_id || live.run === message.run_id || live.workflow === message.correlation_id) {
          this.#complete(live, "cancelled");
        }
      }
      this.#reply(message.request_id, {});
    } else if (message.type === "focus") {
      this.#focus = message.streams === null ? null : new Set(message.streams);
    } else if (message.type === "desktop_request") this.#reply(message.request_id, {});
  }

  #reply(requestId: string, result: Record<string, unknown>): void {
    queueMicrotask(() => this.push([{ type: "reply", request_id: requestId, ok: true, result }]));
  }

  #attach(): void {
    const { name, agents, types, sample, role = "control", flushMs = 50 } = this.#options;
    this.push([
      {
        type: "hello",
        protocol: 1,
        server: "flockdeck fake",
        epoch: this.#epoch,
        runtime_mode: "dashboard",
        role,
        limits: { retained_chars: 102_400, flush_interval_ms: flushMs, max_frame_bytes: 65_536 },
        agents: agents.map(({ name, description, consumes, publishes, model }) => ({
          name,
          description,
          consumes,
          publishes,
          model,
        })),
        artifact_types: types,
        flock: { name, sample },
      },
      ...(this.#options.desktop === false ? [] : [fakeDesktopState(name)]),
      { type: "sync_complete", seq: this.#seq },
    ]);
    this.#timer ??= setInterval(() => this.#tick(), flushMs);
  }

  #publish(type: string, payload: unknown, by: string, workflow: string): void {
    const artifact: ArtifactMessage = {
      id: id("art"),
      type,
      payload,
      produced_by: by,
      correlation_id: workflow,
      tags: [],
      visibility: "public",
      version: 1,
      created_at: Date.now(),
    };
    this.#board.push(artifact);
    this.#event({ type: "artifact_published", artifact });
    for (const agent of this.#options.agents) this.#consider(agent, workflow);
  }

  #consider(agent: FakeAgent, workflow: string): void {
    const key = `${workflow}/${agent.name}`;
    if (this.#started.has(key)) return;
    const inputs = agent.consumes.map((type) =>
      this.#board.filter((artifact) => artifact.type === type && artifact.correlation_id === workflow),
    );
    const producers = (type: string) => this.#options.agents.filter((other) => other.publishes.includes(type)).length;
    if (inputs.some((found, at) => found.length < Math.max(1, producers(agent.consumes[at] ?? "")))) return;
    this.#started.add(key);
    const run = id("run");
    const consumed = inputs.flat().map((artifact) => artifact.id);
    this.#event({
      type: "agent_activated",
      run_id: run,
      agent_name: agent.name,
      correlation_id: workflow,
      consumed_types: agent.consumes,
      consumed_artifacts: consumed,
      produced_types: agent.publishes,
    });
    const live: Live = {
      id: id("str"),
      agent,
      run,
      workflow,
      text: this.#write(agent),
      startedAt: Date.now() + (agent.waitsMs ?? 250 + (nextId % 5) * 90),
      sent: 0,
      delivered: 0,
    };
    this.#event({
      type: "stream_started",
      stream_id: live.id,
      agent_name: agent.name,
      run_id: run,
      correlation_id: workflow,
      attempt: 1,
      artifact_type: agent.publishes[0] ?? "Text",
      model: agent.model,
      consumed_artifacts: consumed,
      started_at: Date.now(),
    });
    if (agent.waitsMs !== undefined) {
      this.#event({
        type: "agent_waiting",
        run_id: run,
        agent_name: agent.name,
        correlation_id: workflow,
        reason: "The provider asks to wait",
        until: Date.now() + agent.waitsMs,
      });
    }
    this.#live.set(live.id, live);
  }

  #write({ name, chars = 2600 }: FakeAgent): string {
    return this.#options.text?.(name, chars) ?? essay(`${name} on the history of flight`, chars, nextId * 7919);
  }

  #tick(): void {
    const now = Date.now();
    const frame: ServerMessage[] = [];
    const finished: Live[] = [];
    for (const live of this.#live.values()) {
      const running = Math.max(0, now - live.startedAt) / 1000;
      const due = (live.agent.prefill ?? 0) + Math.floor(running * (live.agent.speed ?? 160));
      const end = Math.min(live.text.length, due);
      const focused = this.#focus === null || this.#focus.has(live.id);
      if (end > live.sent || (focused && live.delivered < end)) {
        live.sent = end;
        if (focused) {
          const offset = live.delivered;
          live.delivered = end;
          frame.push({
            type: "stream_chunk",
            stream_id: live.id,
            agent_name: live.agent.name,
            chunk: live.text.slice(offset, end),
            offset,
            timestamp: now,
          });
        } else frame.push({ type: "stream_progress", stream_id: live.id, length: end, timestamp: now });
      }
      if (end >= live.text.length || (live.agent.fails === true && end > 700)) finished.push(live);
    }
    if (frame.length > 0) this.push(frame);
    for (const live of finished) this.#complete(live, live.agent.fails === true ? "failed" : "completed");
  }

  #complete(live: Live, status: StreamComplete["status"]): void {
    this.#live.delete(live.id);
    const duration = Math.max(0, (Date.now() - live.startedAt) / 1000);
    const error =
      status === "failed"
        ? { code: "connection_lost", message: "The connection to the provider broke after 706 characters." }
        : undefined;
    const common = { agent_name: live.agent.name, correlation_id: live.workflow, run_id: live.run };
    if (error !== undefined) this.#event({ type: "agent_error", ...common, error, attempt: 1, will_retry: false });
    this.#event({
      type: "stream_complete",
      stream_id: live.id,
      agent_name: live.agent.name,
      status,
      length: live.sent,
      full_content: live.text.slice(0, live.sent),
      duration,
      usage: { output_tokens: Math.round(live.sent / 4), estimated: true },
      ...(error === undefined ? {} : { error }),
    });
    if (status === "completed") {
      for (const type of live.agent.publishes) {
        this.#publish(type, { text: live.text.slice(0, live.sent) }, live.agent.name, live.workflow);
      }
      this.#event({ type: "agent_completed", ...common, duration, artifacts_produced: [this.#board.at(-1)?.id ?? ""] });
    }
    if (![...this.#live.values()].some((other) => other.workflow === live.workflow)) {
      this.#event({ type: "workflow_finished", correlation_id: live.workflow, status: "completed", duration });
    }
  }
}
