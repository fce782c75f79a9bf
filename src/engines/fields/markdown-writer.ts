import type { JsonListener } from "./json-events.js";

/** What of the JSON is wrapping around the payloads, and whose payloads are plain text. */
export interface FieldsLayout {
  /** `one`: the value is a payload. `list`: `{ elements: [payload, …] }`. `types`: a payload, or an array of them, for each type name. */
  readonly wrap: "one" | "list" | "types";
  /** Names of the types whose payload is `{ text }`, which is written without a label; for `one` and `list`, any name means the one type. */
  readonly text: ReadonlySet<string>;
}

/**
 * Where a value stands. `payload`: on its own. `field`: after its label. `item`: after its bullet. `wrapper` and
 * `payloads`: not part of any payload. `indent` is that of the lines that continue it.
 */
interface Place {
  readonly at: "payload" | "field" | "item" | "wrapper" | "payloads";
  readonly indent: string;
  readonly isText: boolean;
}

interface Frame extends Place {
  readonly kind: "object" | "array";
  count: number;
}

const NOTHING: FieldsLayout = { wrap: "one", text: new Set() };
/** Between two payloads of one type. */
export const DIVIDER = "\n\n---\n\n";
/** A string that begins like a block is a block of its own: behind a label it would not be one. */
const BLOCK_START = /[#>|`~+\-*]/;

/** Writes the events of one JSON value as Markdown that only grows. */
export class MarkdownWriter implements JsonListener {
  readonly #layout: FieldsLayout;
  readonly #frames: Frame[] = [];
  #next: Place;
  #out = "";
  #atStart = false;
  #newline = false;

  constructor(layout: FieldsLayout = NOTHING) {
    this.#layout = layout;
    const isText = layout.wrap === "one" && layout.text.size > 0;
    this.#next = { at: layout.wrap === "one" ? "payload" : "wrapper", indent: "", isText };
  }

  /** The Markdown since the last call. */
  take(): string {
    const out = this.#out;
    this.#out = "";
    return out;
  }

  open(kind: "object" | "array"): void {
    const place = this.#enter();
    // A model may leave the wrapper out and begin with the list itself.
    const bare = place.at === "wrapper" && kind === "array";
    this.#frames.push({ ...place, at: bare ? "payloads" : place.at, kind, count: 0 });
  }

  close(): void {
    const frame = this.#frames.pop();
    if (frame !== undefined && frame.count === 0) this.#none(frame);
  }

  key(name: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    const first = frame.count === 0;
    frame.count += 1;
    if (frame.at === "wrapper") {
      this.#next = this.#inWrapper(name, first);
      return;
    }
    if (frame.isText && name === "text") {
      this.#out += first ? "" : "\n\n";
      this.#next = { at: "payload", indent: "", isText: false };
      return;
    }
    if (frame.at === "field") {
      this.#out += `${first ? "\n\n" : "\n"}${frame.indent}- ${label(name)}`;
      this.#next = { at: "field", indent: `${frame.indent}  `, isText: false };
      return;
    }
    this.#out += `${first ? "" : `\n\n${frame.indent}`}${label(name)}`;
    this.#next = { at: "field", indent: frame.indent, isText: false };
  }

  stringStart(): void {
    this.#next = this.#enter();
    this.#atStart = true;
    this.#newline = false;
  }

  stringPiece(text: string): void {
    const { at, indent } = this.#next;
    for (const line of text.replaceAll("\r", "").split(/(\n)/)) {
      if (line === "") continue;
      if (this.#atStart && at === "field") this.#out += BLOCK_START.test(line.charAt(0)) ? `\n\n${indent}` : " ";
      this.#atStart = false;
      if (this.#newline && line !== "\n") this.#out += indent;
      this.#newline = line === "\n";
      this.#out += line;
    }
  }

  stringEnd(): void {
    this.#atStart = false;
  }

  scalar(text: string): void {
    const place = this.#enter();
    this.#out += `${place.at === "field" ? " " : ""}${text === "null" ? "none" : text}`;
  }

  /** The place of the value that begins now; an array's item gets its bullet or divider. */
  #enter(): Place {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== "array") return this.#next;
    const first = frame.count === 0;
    frame.count += 1;
    if (frame.at === "payloads") {
      this.#out += first ? "" : DIVIDER;
      return { at: "payload", indent: "", isText: frame.isText };
    }
    const before = first ? (frame.at === "field" ? "\n\n" : "") : "\n";
    const indent = first && frame.at === "item" ? "" : frame.indent;
    this.#out += `${before}${indent}- `;
    return { at: "item", indent: `${frame.indent}  `, isText: false };
  }

  #inWrapper(name: string, first: boolean): Place {
    const { wrap, text } = this.#layout;
    if (wrap === "list") return { at: "payloads", indent: "", isText: text.size > 0 };
    this.#out += typeHeading(name, first);
    return { at: "payloads", indent: "", isText: text.has(name) };
  }

  #none(frame: Frame): void {
    if (frame.at === "field") this.#out += " none";
    else if (frame.at === "item" || frame.at === "payload") this.#out += "none";
  }
}

/** Before the payloads of one type where there are several types. */
export function typeHeading(name: string, first: boolean): string {
  return `${first ? "" : "\n\n"}### ${name}\n\n`;
}

function label(name: string): string {
  return `**${name.replace(/[\\*`<>[\]]/g, "\\$&")}:**`;
}
