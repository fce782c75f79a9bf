import { applyMessages, createViewState, type ServerMessage, type ViewState } from "../protocol/index.js";
import { FakeClock } from "./fake-clock.testing.js";
import { Hub, type HubOptions } from "./hub.js";
import type { HubEvent, Viewer, ViewerOptions, ViewerSink } from "./types.js";

export function testHub(options: Partial<HubOptions> = {}): { hub: Hub; clock: FakeClock } {
  const clock = new FakeClock();
  const describe = () => ({ server: "test", runtime_mode: "test" as const, agents: [], artifact_types: {} });
  return { hub: new Hub({ clock, describe, epoch: "epoch-1", ...options }), clock };
}

export function streamStarted(id: string, overrides: { agent_name?: string; run_id?: string } = {}): HubEvent {
  return {
    type: "stream_started",
    stream_id: id,
    agent_name: "writer",
    run_id: `run-${id}`,
    correlation_id: "w1",
    attempt: 1,
    artifact_type: "Text",
    model: "demo/echo",
    consumed_artifacts: [],
    started_at: 1,
    ...overrides,
  };
}

export function streamEnded(
  id: string,
  status: "completed" | "failed" | "cancelled" = "completed",
): Extract<HubEvent, { type: "stream_complete" }> {
  return { type: "stream_complete", stream_id: id, agent_name: "writer", status, duration: 1, timestamp: 2 };
}

/** A viewer in the same process that keeps every message and folds them. Its carrier can be made slow. */
export class TestViewer {
  readonly messages: ServerMessage[] = [];
  readonly state: ViewState = createViewState();
  readonly viewer: Viewer;
  bufferedBytes = 0;
  closed: { code: number; reason: string } | null = null;

  constructor(hub: Hub, options: Partial<ViewerOptions> & { omit?: boolean; encoderId?: string } = {}) {
    const self = this;
    const sink: ViewerSink<readonly ServerMessage[]> = {
      encoder: {
        id: options.encoderId ?? (options.omit ? "omit" : "whole"),
        mayOmitFullContent: options.omit ?? false,
        encode: (messages) => [structuredClone(messages)],
      },
      send: (frame) => {
        self.messages.push(...frame);
        applyMessages(self.state, frame);
      },
      get bufferedBytes() {
        return self.bufferedBytes;
      },
      close: (code, reason) => {
        self.closed = { code, reason };
      },
    };
    this.viewer = hub.addViewer(sink, { role: "watch", carrier: "test", ...options });
  }

  attach(fields: { epoch?: string; cursors?: Record<string, number>; since_seq?: number; acks?: boolean } = {}): this {
    this.viewer.receive({ type: "attach", ...fields });
    return this;
  }

  /** The messages since the last call. */
  take(): ServerMessage[] {
    return this.messages.splice(0);
  }

  /** `type` of each message since the last call. */
  takeTypes(): string[] {
    return this.take().map((message) => message.type);
  }

  text(id: string): string {
    return this.state.streams.get(id)?.text.toString() ?? "";
  }
}

/** A hub with streams `s0`, `s1` and so on, started and flushed. */
export function hubWithStreams(count: number, options: Partial<HubOptions> = {}) {
  const made = testHub(options);
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  for (const id of ids) made.hub.emit(streamStarted(id));
  made.clock.advance(200);
  return { ...made, ids };
}
