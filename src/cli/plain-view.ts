import { applyMessages, createViewState, type ServerMessage, type StreamView } from "../protocol/index.js";
import type { OutputStream } from "./io.js";
import type { OutputView } from "./output-view.js";
import { kindOfStream, silentFailures, streamNotes, summary } from "./report.js";
import { printable } from "./terminal/text-width.js";
import { shortTime, tokens } from "./terminal/words.js";

const WORDS = { done: "completed", failed: "failed", stopped: "stopped", running: "unfinished" } as const;

/** Plain text: one block per finished stream, in the order in which the streams started; no control codes. */
export class PlainView implements OutputView {
  readonly carrier = "terminal";
  readonly #stdout: OutputStream;
  readonly #state = createViewState();
  readonly #printed = new Set<string>();

  constructor(stdout: OutputStream) {
    this.#stdout = stdout;
  }

  get bufferedBytes(): number {
    return this.#stdout.writableLength;
  }

  onMessages(messages: readonly ServerMessage[]): void {
    const changes = applyMessages(this.#state, messages);
    if (changes.streams.size > 0) this.#printFinished();
  }

  finish(): void {
    for (const stream of this.#state.streams.values()) if (!this.#printed.has(stream.id)) this.#print(stream);
    for (const { run, words } of silentFailures(this.#state)) {
      this.#write(`== ${run.activated.agent_name} · failed\n\n${words}\n\n`);
    }
    this.#write(`== ${summary(this.#state)}\n`);
  }

  abandon(): void {}

  /** One that still streams holds back those that started after it. */
  #printFinished(): void {
    for (const stream of this.#state.streams.values()) {
      if (this.#printed.has(stream.id)) continue;
      if (stream.status === "live") return;
      this.#print(stream);
    }
  }

  #print(stream: StreamView): void {
    this.#printed.add(stream.id);
    const kind = kindOfStream(stream);
    const { agent_name, artifact_type, model, attempt } = stream.started;
    const spent = stream.usage?.output_tokens ?? stream.usage?.total_tokens;
    const head = [
      agent_name,
      artifact_type,
      model,
      ...(attempt > 1 ? [`attempt ${attempt}`] : []),
      kind === "waiting" || kind === "paused" ? "" : WORDS[kind],
      ...(stream.duration === null ? [] : [shortTime(stream.duration)]),
      ...(spent === undefined ? [] : [tokens(spent)]),
    ].filter((part) => part !== "");
    const notes = streamNotes(stream).map((note) => `! ${note}\n`);
    const body = stream.text.toString().trimEnd();
    this.#write(
      `== ${head.join(" · ")}\n\n${body === "" ? "" : `${body}\n\n`}${notes.length > 0 ? `${notes.join("")}\n` : ""}`,
    );
  }

  #write(text: string): void {
    this.#stdout.write(printable(text));
  }
}
