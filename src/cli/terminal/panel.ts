/** What the terminal shows below its history: the live stream, then every other agent. */
import type { ChalkInstance } from "chalk";
import type { StreamView, ViewState } from "../../protocol/index.js";
import { LiveText } from "./live-text.js";
import { agentStatuses, SHAPES, type StatusKind, statusLines } from "./status.js";
import { printable, stringWidth, truncate } from "./text-width.js";
import { shortTime, tokens } from "./words.js";

/** Rows of text that the live stream keeps, however many agents there are. */
const LEAST_TEXT_ROWS = 4;

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export class Panel {
  readonly #chalk: ChalkInstance;
  readonly #live = new Map<string, LiveText>();

  constructor(chalk: ChalkInstance) {
    this.#chalk = chalk;
  }

  /** Never more lines than the screen has rows, less one for the cursor; no line wider than the screen. */
  lines(state: ViewState, screen: Screen, now: number): string[] {
    const stream = liveStream(state);
    const columns = Math.max(20, screen.columns - 1);
    const rows = Math.max(2, screen.rows - 1);
    const statuses = agentStatuses(state, stream?.started.run_id, now);
    const textRows = stream === undefined ? 0 : Math.max(LEAST_TEXT_ROWS, rows - statuses.length - 2);
    const frameRows = stream === undefined ? 0 : 2;
    const below = statusLines(statuses, Math.max(1, rows - Math.min(textRows, rows) - frameRows), columns, this.#chalk);
    if (stream === undefined) return below.slice(0, rows);
    const above = this.#streamLines(stream, columns, Math.max(1, rows - below.length - frameRows));
    return [...above, ruleLine(stream, columns, this.#chalk, now), ...below].slice(0, rows);
  }

  #streamLines(stream: StreamView, columns: number, rows: number): string[] {
    const text = this.#live.get(stream.id) ?? new LiveText();
    if (!this.#live.has(stream.id)) {
      this.#live.clear();
      this.#live.set(stream.id, text);
    }
    const lines = text.lines(stream.text, { width: columns, chalk: this.#chalk }, rows);
    return [titleLine(stream, "running", columns, this.#chalk, ""), ...lines];
  }
}

/** In a terminal there is one; the oldest if a flock was told otherwise. */
export function liveStream(state: ViewState): StreamView | undefined {
  for (const stream of state.streams.values()) if (stream.status === "live") return stream;
  return undefined;
}

/** Time and tokens of a stream: `12s  ≈ 120 tok`. */
export function numbersOf(stream: StreamView, now: number): string {
  const seconds = stream.duration ?? (now - stream.started.started_at) / 1000;
  const told = stream.usage?.output_tokens ?? stream.usage?.total_tokens;
  const isGuess = told === undefined || stream.usage?.estimated === true;
  return `${shortTime(seconds)}  ${isGuess ? "≈ " : ""}${tokens(told ?? stream.length / 4)}`;
}

/** `◐ historian  History · demo/essay ───── NUMBERS`. While it streams they stand below, so that this line stays. */
export function titleLine(
  stream: StreamView,
  kind: StatusKind,
  columns: number,
  chalk: ChalkInstance,
  numbers: string,
): string {
  const { agent_name, artifact_type, model, attempt } = stream.started;
  const right = numbers === "" ? "" : ` ${numbers}`;
  const room = columns - stringWidth(right);
  const name = truncate(`${SHAPES[kind]} ${printable(agent_name)}`, Math.max(8, room - 4));
  const about = [artifact_type, model.replace(/\?.*$/, ""), attempt > 1 ? `attempt ${attempt}` : ""];
  const words = about.filter((part) => part !== "").join(" · ");
  const middle = truncate(printable(words), room - stringWidth(name) - 4);
  const rule = "─".repeat(Math.max(1, room - stringWidth(name) - stringWidth(middle) - 3));
  return `${chalk.bold(name)}  ${chalk.dim(middle)} ${chalk.dim(rule)}${right}`;
}

/** Ends the panel, with the numbers that change. */
function ruleLine(stream: StreamView, columns: number, chalk: ChalkInstance, now: number): string {
  const numbers = truncate(numbersOf(stream, now), columns - 2);
  return `${chalk.dim("─".repeat(Math.max(1, columns - stringWidth(numbers) - 1)))} ${numbers}`;
}
