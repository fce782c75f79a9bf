import type { OutputStream } from "../../core/context.js";
import { MarkdownFields } from "../fields/markdown-fields.js";
import { PairKeeper } from "../pair-keeper.js";
import type { OutputPlan } from "./output-plan.js";

/** Puts a model's text on the stream as it arrives, JSON as readable fields, and keeps what the outputs are read from. */
export class StreamWriter {
  readonly #stream: OutputStream;
  readonly #plan: OutputPlan;
  #pairs = new PairKeeper();
  #fields: MarkdownFields | undefined;
  #steps: string[][] = [];
  #endsInBreak = true;

  constructor(stream: OutputStream, plan: OutputPlan) {
    this.#stream = stream;
    this.#plan = plan;
  }

  /** A new request to the model: after a tool's result it begins its answer anew. */
  beginStep(): void {
    this.#endText();
    this.#steps.push([]);
    this.#fields =
      this.#plan.kind === "json" ? new MarkdownFields(this.#plan.layout, wantedJson(this.#plan)) : undefined;
  }

  text(delta: string): void {
    if (this.#steps.length === 0) this.beginStep();
    const step = this.#steps.at(-1);
    if (step?.length === 0 && !this.#endsInBreak) this.#put("\n\n");
    step?.push(delta);
    this.#put(this.#pairs.push(this.#fields === undefined ? delta : this.#fields.feed(delta)));
  }

  /** A line of our own, set apart from the model's text. */
  line(text: string): void {
    this.#endText();
    this.#put(`${this.#endsInBreak ? "" : "\n\n"}${text}\n\n`);
  }

  end(): void {
    this.#endText();
  }

  /** The text of the last step that has any. */
  get answer(): string {
    const texts = this.#steps.map((step) => step.join(""));
    return texts.filter((text) => text.trim() !== "").at(-1) ?? texts.at(-1) ?? "";
  }

  /** The JSON value of the answer, without a fence or words around it. */
  get json(): string {
    const fields = new MarkdownFields(undefined, wantedJson(this.#plan));
    fields.feed(this.answer);
    fields.end();
    return fields.json;
  }

  #endText(): void {
    this.#put((this.#fields?.end() ?? "") + this.#pairs.end());
  }

  #put(text: string): void {
    if (text === "") return;
    this.#endsInBreak = text.endsWith("\n\n");
    this.#stream.append(text);
  }
}

/** A model may leave the wrapper of a list out. */
function wantedJson(plan: OutputPlan): "object" | "list" {
  return plan.kind === "json" && plan.layout.wrap === "list" ? "list" : "object";
}
