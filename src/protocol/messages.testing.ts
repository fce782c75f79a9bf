/** Short ways to say messages in tests. */
import type {
  AgentActivated,
  AgentErrorMessage,
  Hello,
  ServerMessage,
  StreamChunk,
  StreamComplete,
  StreamReset,
  StreamStarted,
} from "./messages.js";

export const hello = (epoch = "e1", overrides: Partial<Hello> = {}): Hello => ({
  type: "hello",
  protocol: 1,
  server: "test",
  epoch,
  runtime_mode: "test",
  role: "watch",
  limits: { retained_chars: 102_400, flush_interval_ms: 50, max_frame_bytes: 65_536 },
  agents: [],
  artifact_types: {},
  ...overrides,
});

export const started = (seq: number, id = "s", overrides: Partial<StreamStarted> = {}): StreamStarted => ({
  type: "stream_started",
  seq,
  stream_id: id,
  agent_name: "writer",
  run_id: "r",
  correlation_id: "w",
  attempt: 1,
  artifact_type: "T",
  model: "demo/echo",
  consumed_artifacts: [],
  started_at: 1_000,
  ...overrides,
});

export const chunk = (offset: number, text: string, id = "s", timestamp = 2_000): StreamChunk => ({
  type: "stream_chunk",
  stream_id: id,
  agent_name: "writer",
  chunk: text,
  offset,
  timestamp,
});

export const reset = (offset: number, content: string, reason: StreamReset["reason"] = "lagged"): StreamReset => ({
  type: "stream_reset",
  stream_id: "s",
  agent_name: "writer",
  offset,
  content,
  reason,
});

export const complete = (seq: number, length: number, overrides: Partial<StreamComplete> = {}): StreamComplete => ({
  type: "stream_complete",
  seq,
  stream_id: "s",
  agent_name: "writer",
  status: "completed",
  length,
  duration: 1,
  timestamp: 3_000,
  ...overrides,
});

export const sync = (seq: number): ServerMessage => ({ type: "sync_complete", seq });

export const activated = (seq: number, overrides: Partial<AgentActivated> = {}): AgentActivated => ({
  type: "agent_activated",
  seq,
  run_id: "r",
  agent_name: "writer",
  correlation_id: "w",
  timestamp: 1_000,
  consumed_types: ["Topic"],
  consumed_artifacts: ["a0"],
  produced_types: ["T"],
  ...overrides,
});

export const failed = (seq: number, overrides: Partial<AgentErrorMessage> = {}): AgentErrorMessage => ({
  type: "agent_error",
  seq,
  run_id: "r",
  agent_name: "writer",
  correlation_id: "w",
  timestamp: 4_000,
  error: { code: "stalled", message: "no text" },
  attempt: 1,
  will_retry: false,
  ...overrides,
});
