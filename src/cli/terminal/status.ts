/** One line per agent: a shape, a name, a word, time and tokens. */
import type { ChalkInstance } from "chalk";
import type { AgentView, RunView, ViewState } from "../../protocol/index.js";
import { printable, stringWidth, toWidth, truncate } from "./text-width.js";
import { plural, shortTime, tokens } from "./words.js";

export type StatusKind = "waiting" | "running" | "paused" | "done" | "failed" | "stopped";

export interface AgentStatus {
  readonly name: string;
  readonly kind: StatusKind;
  readonly words: string;
  /** Seconds; null where there is nothing to time. */
  readonly seconds: number | null;
  readonly tokens: number | null;
}

export const SHAPES: Readonly<Record<StatusKind, string>> = {
  waiting: "◌",
  running: "◐",
  paused: "⏸",
  done: "✓",
  failed: "✕",
  stopped: "⏹",
};

const WORDS: Readonly<Record<StatusKind, string>> = {
  waiting: "waiting",
  running: "running",
  paused: "provider wait",
  done: "done",
  failed: "failed",
  stopped: "stopped",
};

/** What matters most first: where lines are short, the last are told as counts. */
const URGENCY: readonly StatusKind[] = ["failed", "paused", "running", "stopped", "waiting", "done"];

/** Every agent but the one whose stream is live, in the order of the file. */
export function agentStatuses(state: ViewState, liveRunId: string | undefined, now: number): AgentStatus[] {
  const runsOf = new Map<string, RunView[]>();
  for (const run of state.runs.values()) {
    if (run.id === liveRunId) continue;
    const name = run.activated.agent_name;
    const runs = runsOf.get(name);
    if (runs === undefined) runsOf.set(name, [run]);
    else runs.push(run);
  }
  const liveAgent = liveRunId === undefined ? undefined : state.runs.get(liveRunId)?.activated.agent_name;
  return [...state.agents.values()].flatMap((agent) => {
    const runs = runsOf.get(agent.info.name) ?? [];
    if (agent.info.name === liveAgent && !runs.some((run) => isRunning(run))) return [];
    return [statusOf(agent, runs, now)];
  });
}

function isRunning(run: RunView): boolean {
  return run.status === "running" || run.status === "waiting";
}

function statusOf({ info }: AgentView, runs: readonly RunView[], now: number): AgentStatus {
  const running = runs.filter(isRunning);
  const run = running[0] ?? runs.at(-1);
  if (run === undefined) {
    return { name: info.name, kind: "waiting", words: `for ${info.consumes.join(", ")}`, seconds: null, tokens: null };
  }
  const kind = kindOf(run);
  const times = running.length > 1 ? running.length : running.length === 0 ? runs.length : 1;
  const fault = run.faults.at(-1);
  const left = run.waiting === null ? 0 : (run.waiting.until - now) / 1000;
  const words =
    kind === "paused"
      ? `${shortTime(left)} left`
      : kind === "failed" && fault
        ? fault.message
        : times > 1
          ? `×${times}`
          : "";
  const spent = runs.reduce((sum, one) => sum + (one.usage?.output_tokens ?? one.usage?.total_tokens ?? 0), 0);
  const seconds = run.duration ?? (isRunning(run) ? (now - run.activated.timestamp) / 1000 : null);
  return { name: info.name, kind, words, seconds, tokens: spent > 0 ? spent : null };
}

function kindOf(run: RunView): StatusKind {
  switch (run.status) {
    case "waiting":
      return "paused";
    case "completed":
      return "done";
    case "cancelled":
      return "stopped";
    default:
      return run.status;
  }
}

/** At most `rows` lines; what does not fit becomes one line of counts. */
export function statusLines(
  statuses: readonly AgentStatus[],
  rows: number,
  columns: number,
  chalk: ChalkInstance,
): string[] {
  if (rows <= 0) return [];
  const nameWidth = Math.min(Math.max(0, ...statuses.map((one) => stringWidth(one.name))), Math.floor(columns * 0.4));
  if (statuses.length <= rows) return statuses.map((one) => statusLine(one, nameWidth, columns, chalk));
  const urgent = new Set([...statuses].sort(byUrgency).slice(0, rows - 1));
  const rest = statuses.filter((one) => !urgent.has(one));
  return [
    ...statuses.filter((one) => urgent.has(one)).map((one) => statusLine(one, nameWidth, columns, chalk)),
    countLine(rest, columns, chalk),
  ];
}

function byUrgency(a: AgentStatus, b: AgentStatus): number {
  return URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind);
}

function countLine(rest: readonly AgentStatus[], columns: number, chalk: ChalkInstance): string {
  const counts = URGENCY.flatMap((kind) => {
    const count = rest.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${SHAPES[kind]} ${count} ${WORDS[kind]}`];
  });
  return chalk.dim(truncate(`  and ${plural(rest.length, "agent")}: ${counts.join("  ")}`, columns));
}

function statusLine(status: AgentStatus, nameWidth: number, columns: number, chalk: ChalkInstance): string {
  const numbers = [
    status.seconds === null ? "" : shortTime(status.seconds),
    status.tokens === null ? "" : tokens(status.tokens),
  ].filter((part) => part !== "");
  const right = numbers.join("  ");
  const lead = `${SHAPES[status.kind]} ${toWidth(printable(status.name), nameWidth)}  `;
  const words = printable(`${WORDS[status.kind]} ${status.words}`.trim()).replaceAll("\n", " ");
  const room = columns - stringWidth(lead) - (right === "" ? 0 : stringWidth(right) + 2);
  const middle = toWidth(words, Math.max(0, room));
  const line = right === "" ? `${lead}${middle}`.trimEnd() : `${lead}${middle}  ${right}`;
  return paint(status.kind, chalk)(truncate(line, columns));
}

export function paint(kind: StatusKind, chalk: ChalkInstance): (text: string) => string {
  if (kind === "failed") return chalk.red;
  if (kind === "running") return (text) => text;
  return chalk.dim;
}
