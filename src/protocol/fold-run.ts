/** The part of the fold that keeps runs and the agents' counts of them. */
import type { AgentInfo, Outcome, ServerMessage } from "./messages.js";
import type { AgentView, Changes, RunView, ViewState } from "./view-state.js";

/** Applies the events that belong to a run; all others are ignored. */
export function foldRunEvent(state: ViewState, changes: Changes, message: ServerMessage): void {
  switch (message.type) {
    case "agent_activated":
      if (state.runs.has(message.run_id)) return;
      state.runs.set(message.run_id, {
        id: message.run_id,
        activated: message,
        status: "running",
        waiting: null,
        faults: [],
        streamIds: [],
        artifactsProduced: [],
        usage: null,
        duration: null,
      });
      changes.runs.add(message.run_id);
      count(state, changes, message.agent_name, { running: 1 });
      return;
    case "stream_started":
      update(state, changes, message.run_id, (run) => ({
        status: run.status === "waiting" ? "running" : run.status,
        waiting: null,
        streamIds: [...run.streamIds, message.stream_id],
      }));
      return;
    case "agent_waiting":
      update(state, changes, message.run_id, () => ({
        status: "waiting",
        waiting: { reason: message.reason, until: message.until },
      }));
      return;
    case "agent_error":
      update(state, changes, message.run_id, (run) => ({
        waiting: null,
        faults: [
          ...run.faults,
          {
            ...message.error,
            seq: message.seq,
            attempt: message.attempt,
            willRetry: message.will_retry,
            timestamp: message.timestamp,
          },
        ],
        ...(message.will_retry
          ? { status: "running" as const }
          : finish(run, message.error.code === "cancelled" ? "cancelled" : "failed", message.timestamp)),
      }));
      return;
    case "agent_completed":
      update(state, changes, message.run_id, () => ({
        status: "completed",
        waiting: null,
        duration: message.duration,
        artifactsProduced: message.artifacts_produced,
        usage: message.usage ?? null,
      }));
  }
}

function finish(run: RunView, status: Outcome, timestamp: number): Partial<RunView> {
  return { status, duration: Math.max(0, timestamp - run.activated.timestamp) / 1000 };
}

function update(state: ViewState, changes: Changes, id: string, change: (run: RunView) => Partial<RunView>): void {
  const run = state.runs.get(id);
  if (run === undefined) return;
  const next = { ...run, ...change(run) };
  state.runs.set(id, next);
  changes.runs.add(id);
  const before = stateOf(run);
  const after = stateOf(next);
  if (before !== after) count(state, changes, run.activated.agent_name, { [before]: -1, [after]: 1 });
}

type CountedState = "running" | Outcome;

function stateOf(run: RunView): CountedState {
  return run.status === "waiting" ? "running" : run.status;
}

const unknownAgent = (name: string): AgentView => ({
  info: { name, description: "", consumes: [], publishes: [], model: "" },
  running: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
});

function count(state: ViewState, changes: Changes, name: string, by: Partial<Record<CountedState, number>>): void {
  const agent = state.agents.get(name) ?? unknownAgent(name);
  state.agents.set(name, {
    info: agent.info,
    running: agent.running + (by.running ?? 0),
    completed: agent.completed + (by.completed ?? 0),
    failed: agent.failed + (by.failed ?? 0),
    cancelled: agent.cancelled + (by.cancelled ?? 0),
  });
  changes.agents.add(name);
}

/** Takes the agents that `hello` names; their counts are kept. */
export function foldAgents(state: ViewState, changes: Changes, agents: readonly AgentInfo[]): void {
  for (const info of agents) {
    state.agents.set(info.name, { ...(state.agents.get(info.name) ?? unknownAgent(info.name)), info });
    changes.agents.add(info.name);
  }
}
