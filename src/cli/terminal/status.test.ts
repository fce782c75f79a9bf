import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import { applyMessages, createViewState, type ServerMessage, type ViewState } from "../../protocol/index.js";
import { silentFailures, summary } from "../report.js";
import { Panel } from "./panel.js";
import { agentStatuses, statusLines } from "./status.js";
import { stringWidth } from "./text-width.js";
import { shortTime, tokens } from "./words.js";

const chalk = new Chalk({ level: 0 });
const NOW = 100_000;

const agent = (name: string) => ({
  name,
  description: "",
  consumes: ["Topic"],
  publishes: ["Text"],
  model: "demo/essay?tps=1",
});

function stateOf(names: readonly string[], ...messages: ServerMessage[]): ViewState {
  const state = createViewState();
  applyMessages(state, [
    {
      type: "hello",
      protocol: 1,
      server: "test",
      epoch: "e",
      runtime_mode: "cli",
      role: "watch",
      limits: { retained_chars: 1, flush_interval_ms: 50, max_frame_bytes: 1 },
      agents: names.map(agent),
      artifact_types: {},
    },
    ...messages.map((message, index) => ("seq" in message ? { ...message, seq: index + 1 } : message)),
  ]);
  return state;
}

const run = (name: string) => ({ seq: 0, run_id: `run-${name}`, agent_name: name, correlation_id: "w" });
const activated = (name: string, timestamp = NOW - 12_000): ServerMessage => ({
  type: "agent_activated",
  ...run(name),
  consumed_types: ["Topic"],
  consumed_artifacts: [],
  produced_types: ["Text"],
  timestamp,
});
const completed = (name: string): ServerMessage => ({
  type: "agent_completed",
  ...run(name),
  duration: 6.4,
  artifacts_produced: [],
  usage: { output_tokens: 1204 },
  timestamp: NOW,
});
const failed = (name: string): ServerMessage => ({
  type: "agent_error",
  ...run(name),
  error: { code: "missing_key", message: "Set OPENAI_API_KEY\nfirst." },
  attempt: 1,
  will_retry: false,
  timestamp: NOW,
});
const paused = (name: string): ServerMessage => ({
  type: "agent_waiting",
  ...run(name),
  reason: "rate limit",
  until: NOW + 30_000,
  timestamp: NOW,
});
const streaming = (name: string, text: string): ServerMessage[] => [
  {
    type: "stream_started",
    stream_id: `stream-${name}`,
    ...run(name),
    attempt: 1,
    artifact_type: "Text",
    model: "demo/essay?tps=1",
    consumed_artifacts: [],
    started_at: NOW - 5_000,
  },
  { type: "stream_chunk", stream_id: `stream-${name}`, agent_name: name, chunk: text, offset: 0, timestamp: NOW },
];

const lines = (state: ViewState, rows: number, columns = 60) =>
  statusLines(agentStatuses(state, undefined, NOW), rows, columns, chalk);

describe("status lines", () => {
  const names = ["waits", "runs", "rests", "ends", "fails"];
  const state = stateOf(
    names,
    activated("runs"),
    activated("rests"),
    paused("rests"),
    activated("ends"),
    completed("ends"),
    activated("fails"),
    failed("fails"),
  );

  test("tell state, time and tokens of every agent, in the order of the file", () => {
    expect(lines(state, 10)).toEqual([
      "◌ waits  waiting for Topic",
      "◐ runs   running                                         12s",
      expect.stringMatching(/^⏸ rests {2}provider wait 30s left +12s$/),
      "✓ ends   done                                  6s  1,204 tok",
      expect.stringMatching(/^✕ fails {2}failed Set OPENAI_API_KEY first\./),
    ]);
  });

  test("keep what is urgent where there is no room, and count the rest", () => {
    expect(lines(state, 3)).toEqual([
      expect.stringMatching(/^⏸ rests/),
      expect.stringMatching(/^✕ fails/),
      "  and 3 agents: ◐ 1 running  ◌ 1 waiting  ✓ 1 done",
    ]);
    expect(lines(state, 1)).toEqual([expect.stringMatching(/^ {2}and 5 agents: ✕ 1 failed/)]);
    expect(lines(state, 0)).toEqual([]);
  });

  test("are never wider than the terminal, whatever the names", () => {
    const wide = stateOf(
      ["編集者編集者編集者", "a".repeat(64), "👩‍👩‍👧 family"],
      activated("編集者編集者編集者"),
      activated("a".repeat(64)),
      failed("a".repeat(64)),
    );
    for (const columns of [20, 30, 40]) {
      for (const line of lines(wide, 5, columns)) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

describe("the panel", () => {
  const names = Array.from({ length: 30 }, (_, i) => `agent${i}`);
  const state = stateOf(
    names,
    activated("agent0"),
    activated("agent1"),
    ...streaming("agent0", "# Title\n\nSome words.\n\n".repeat(20)),
  );

  test.each([
    [80, 24],
    [40, 10],
    [20, 5],
    [200, 60],
  ])("fits %i columns and %i rows, with one live stream", (columns, rows) => {
    const panel = new Panel(chalk).lines(state, { columns, rows }, NOW);
    expect(panel.length).toBeLessThanOrEqual(rows - 1);
    for (const line of panel) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(20, columns - 1));
    expect(panel[0]).toMatch(/^◐ agent0 {2}/);
    expect(panel.filter((line) => line.startsWith("◐ agent0"))).toHaveLength(1);
    expect(panel.at(-1)).toMatch(rows > 40 ? /^◌ agent29/ : /agents?: /);
  });

  test("shows time and a guess of the tokens while it streams", () => {
    const panel = new Panel(chalk).lines(state, { columns: 60, rows: 24 }, NOW);
    expect(panel.find((line) => line.startsWith("───"))).toMatch(/─ 5s {2}≈ 110 tok$/);
  });

  test("is the status lines alone while nothing streams", () => {
    const idle = stateOf(["one", "two"]);
    expect(new Panel(chalk).lines(idle, { columns: 60, rows: 24 }, NOW)).toHaveLength(2);
  });
});

test("runs that failed before they could stream are told once, with what to do", () => {
  const state = stateOf(["a", "b"], activated("a"), failed("a"), activated("b"));
  expect(silentFailures(state).map(({ run: { id }, words }) => [id, words])).toEqual([
    ["run-a", "Set OPENAI_API_KEY\nfirst. (missing_key)"],
  ]);
  expect(summary(state)).toBe("0 runs completed, 1 failed in 0s");
});

test.each([
  [0, "0s"],
  [12.9, "12s"],
  [65, "1m 05s"],
  [3_720, "1h 02m"],
  [-1, "0s"],
])("%d seconds are %s", (seconds, words) => {
  expect(shortTime(seconds)).toBe(words);
});

test("tokens are grouped", () => {
  expect(tokens(1204.4)).toBe("1,204 tok");
});
