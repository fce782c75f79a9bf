import { Writable } from "node:stream";
import { Chalk, type ChalkInstance } from "chalk";
import { createLogUpdate } from "log-update";
import {
  applyMessages,
  createChanges,
  createViewState,
  type ServerMessage,
  type StreamView,
} from "../protocol/index.js";
import type { OutputStream } from "./io.js";
import type { OutputView } from "./output-view.js";
import { kindOfStream, silentFailures, streamNotes, summary } from "./report.js";
import { renderMarkdown } from "./terminal/markdown.js";
import { numbersOf, Panel, type Screen, titleLine } from "./terminal/panel.js";
import { SHAPES } from "./terminal/status.js";
import { printable, stringWidth } from "./terminal/text-width.js";
import { wrap } from "./terminal/wrap.js";

/** At most ten redraws a second. */
const FRAME_MS = 100;

const ERASE_LINE_AND_UP = "\u001b[2K\u001b[1A";
const ERASE_LINE = "\u001b[2K\u001b[G";
const SHOW_CURSOR = "\u001b[?25h";

export interface TerminalViewOptions {
  readonly stdout: OutputStream;
  readonly color: boolean;
}

/** One live panel at the bottom; what is finished scrolls up into the terminal's history. */
export class TerminalView implements OutputView {
  readonly carrier = "terminal";
  readonly bufferedBytes = 0;
  readonly #stdout: OutputStream;
  readonly #chalk: ChalkInstance;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #state = createViewState();
  readonly #panel: Panel;
  readonly #printed = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  readonly #onResize = () => this.#resized();
  #history: string[] = [];
  #drawn: string[] = [];
  #drawnAt = 0;
  #over = false;

  constructor({ stdout, color }: TerminalViewOptions) {
    this.#stdout = stdout;
    this.#chalk = new Chalk(color ? {} : { level: 0 });
    this.#draw = createLogUpdate(stdout);
    this.#panel = new Panel(this.#chalk);
    this.#timer = setInterval(() => this.#frame(), FRAME_MS);
    stdout.on("resize", this.#onResize);
  }

  onMessages(messages: readonly ServerMessage[]): void {
    if (this.#over) return;
    const changes = createChanges();
    applyMessages(this.#state, messages, changes);
    for (const id of changes.streams) {
      const stream = this.#state.streams.get(id);
      if (stream !== undefined && stream.status !== "live") this.#print(stream);
    }
    if (Date.now() - this.#drawnAt >= FRAME_MS) this.#frame();
  }

  finish(): void {
    if (this.#over) return;
    for (const stream of this.#state.streams.values()) this.#print(stream);
    const { chalk, columns } = { chalk: this.#chalk, columns: this.#screen().columns - 1 };
    for (const { run, words } of silentFailures(this.#state)) {
      const line = `${SHAPES.failed} ${printable(run.activated.agent_name)}: ${words}`;
      this.#history.push(...wrap(line, columns).map((part) => chalk.red(part)));
    }
    this.#history.push(chalk.dim(summary(this.#state)));
    this.#stop();
    this.#stdout.write(this.#takeHistory());
  }

  abandon(): void {
    if (this.#over) return;
    this.#stop();
    this.#stdout.write(SHOW_CURSOR);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#timer);
    this.#stdout.off("resize", this.#onResize);
    this.#draw.clear();
    this.#draw.done();
  }

  /** One write a frame: what is finished, then the panel. */
  #frame(): void {
    if (this.#over) return;
    this.#drawnAt = Date.now();
    const lines = this.#panel.lines(this.#state, this.#screen(), this.#drawnAt);
    this.#atOnce(() => {
      // log-update 7.2 patches what differs, but does not move the lines below an inserted one: a panel that changes
      // its height is drawn anew.
      if (this.#history.length > 0 || lines.length !== this.#drawn.length) this.#draw.clear();
      if (this.#history.length > 0) this.#stdout.write(this.#takeHistory());
      this.#draw(lines.join("\n"));
    });
    this.#drawn = lines;
  }

  /**
   * A terminal that became narrower has folded the panel's lines, so that it takes more rows than were drawn: the
   * further rows are erased here, before the panel erases its own.
   */
  #resized(): void {
    if (this.#over) return;
    const { columns } = this.#screen();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    const extra = rows - this.#drawn.length;
    this.#atOnce(() => {
      this.#draw.clear();
      if (extra > 0) this.#stdout.write(ERASE_LINE_AND_UP.repeat(extra) + ERASE_LINE);
    });
    this.#drawn = [];
    this.#frame();
  }

  #atOnce(write: () => void): void {
    const stdout = this.#stdout;
    if (!(stdout instanceof Writable)) {
      write();
      return;
    }
    stdout.cork();
    write();
    stdout.uncork();
  }

  #print(stream: StreamView): void {
    if (this.#printed.has(stream.id)) return;
    this.#printed.add(stream.id);
    const width = this.#screen().columns - 1;
    const kind = kindOfStream(stream);
    const color = kind === "failed" ? this.#chalk.red : this.#chalk.dim;
    this.#history.push(
      titleLine(stream, kind, Math.max(20, width), this.#chalk, numbersOf(stream, Date.now())),
      "",
      ...renderMarkdown(stream.text.toString(), { width, chalk: this.#chalk }),
      ...streamNotes(stream).flatMap((note) => wrap(`${SHAPES.failed} ${note}`, width).map((line) => color(line))),
      "",
    );
  }

  #takeHistory(): string {
    const lines = this.#history;
    this.#history = [];
    return lines.map((line) => `${line}\n`).join("");
  }

  #screen(): Screen {
    return { columns: this.#stdout.columns || 80, rows: this.#stdout.rows || 24 };
  }
}
