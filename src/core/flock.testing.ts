import { z } from "zod";
import type { AgentBuilder } from "./agent-builder.js";
import type { Artifact } from "./artifact.js";
import { artifact, textArtifact } from "./artifact-types.js";
import type { Engine } from "./engine.js";
import type { FlockEvent } from "./events.js";
import { FakeClock, settled } from "./fake-clock.testing.js";
import { Flock } from "./flock.js";
import type { FlockOptions } from "./flock-options.js";
import type { PublishInit } from "./publisher.js";

const numbered = z.looseObject({ n: z.number() });

/** Types of numbered artifacts, for tests that care about which ones came together. */
export const A = artifact("A", numbered);
export const B = artifact("B", numbered);
export const C = artifact("C", numbered);
export const Text = textArtifact("Text");

/** The number in a payload. */
export function numberIn(item: { readonly payload: unknown } | undefined): number {
  return (item?.payload as { n: number } | undefined)?.n ?? Number.NaN;
}

/** The workflow that tests publish into unless they say otherwise. */
export const WORKFLOW = "w";

type EventOf<Type extends FlockEvent["type"]> = Extract<FlockEvent, { type: Type }>;

/** A flock under fake time and counted ids, with everything it told. */
export class Bench {
  readonly clock = new FakeClock();
  readonly events: FlockEvent[] = [];
  readonly flock: Flock;

  constructor(options: FlockOptions = {}) {
    let next = 0;
    this.flock = new Flock({ mode: "test", clock: this.clock, ids: () => `id${++next}`, ...options });
    for (const type of [A, B, C, Text]) this.flock.registerType(type);
    this.flock.on((event) => this.events.push(event));
  }

  /** An agent that consumes nothing yet and whose engine makes nothing. */
  agent(name = "agent"): AgentBuilder {
    return this.flock.agent(name).withEngine(() => undefined);
  }

  publish(type: string, n: number, extra: object = {}, init: PublishInit = {}): Promise<Artifact> {
    return this.flock.publish(type, { n, ...extra }, { correlationId: WORKFLOW, ...init });
  }

  of<Type extends FlockEvent["type"]>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** What each run consumed, such as `A1 B2`, in the order of activation. */
  runs(agentName?: string): string[] {
    return this.of("agent_activated")
      .filter((event) => agentName === undefined || event.agentName === agentName)
      .map((event) => event.consumedArtifacts.map((id) => this.label(id)).join(" "));
  }

  /** `A1` for the artifact of type A with the number 1. */
  label(id: string): string {
    const found = this.flock.board.get(id);
    return found ? `${found.type}${(found.payload as { n?: number }).n ?? ""}` : id;
  }

  codes(): string[] {
    return this.of("agent_error").map((event) => event.error.code);
  }

  /** The events in short, without text: `agent_activated writer`. */
  told(...types: FlockEvent["type"][]): string[] {
    return this.events
      .filter((event) => types.length === 0 || types.includes(event.type))
      .map((event) => ("agentName" in event ? `${event.type} ${event.agentName}` : event.type));
  }

  /** The text of every stream as viewers heard it, by agent; several streams of one agent are joined by `|`. */
  texts(): Record<string, string> {
    const byStream = new Map<string, { agent: string; text: string }>();
    for (const event of this.events) {
      if (event.type === "stream_started") byStream.set(event.streamId, { agent: event.agentName, text: "" });
      const stream = event.type === "stream_text" ? byStream.get(event.streamId) : undefined;
      if (stream && event.type === "stream_text") stream.text += event.text;
    }
    const texts: Record<string, string> = {};
    for (const { agent, text } of byStream.values())
      texts[agent] = texts[agent] === undefined ? text : `${texts[agent]}|${text}`;
    return texts;
  }
}

/** An engine whose calls wait until the test lets them go, one by one or all. */
export class GatedEngine implements Engine {
  readonly name: string;
  readonly calls: GatedCall[] = [];

  constructor(name = "gated") {
    this.name = name;
  }

  evaluate(...[agent, context, inputs]: Parameters<Engine["evaluate"]>): ReturnType<Engine["evaluate"]> {
    return new Promise((resolve, reject) => {
      this.calls.push({
        agentName: agent.name,
        context,
        inputs,
        say: (text) => context.stream.append(text),
        finish: (...outputs) => resolve({ outputs, partial: true }),
        fail: reject,
      });
    });
  }

  call(index: number): GatedCall {
    const call = this.calls[index];
    if (!call) throw new Error(`The engine was called ${this.calls.length} times, not ${index + 1}`);
    return call;
  }

  async finishAll(): Promise<void> {
    let done = 0;
    for (; done < this.calls.length; await settled()) while (done < this.calls.length) this.call(done++).finish();
  }
}

export interface GatedCall {
  readonly agentName: string;
  readonly context: Parameters<Engine["evaluate"]>[1];
  readonly inputs: Parameters<Engine["evaluate"]>[2];
  say(text: string): void;
  finish(...outputs: { type: string; payload: unknown }[]): void;
  fail(error: unknown): void;
}
