import { JsonStart, type WantedJson } from "./json-start.js";

/** What a JSON text says, as it arrives. A string comes in pieces. */
export interface JsonListener {
  open(kind: "object" | "array"): void;
  close(): void;
  key(name: string): void;
  stringStart(): void;
  stringPiece(text: string): void;
  stringEnd(): void;
  /** A number, `true`, `false`, `null`, or whatever else stands where a value should. */
  scalar(text: string): void;
}

type State = "before" | "between" | "string" | "escape" | "hex" | "scalar" | "after";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/**
 * Reads one JSON value from text that arrives in any pieces. Never throws: what surrounds the value (a Markdown fence,
 * polite words, thoughts in tags) is passed over, and faults inside it are left to the parser that reads the whole at the end.
 */
export class JsonEvents {
  readonly #listener: JsonListener;
  readonly #open: ("object" | "array")[] = [];
  readonly #search: JsonStart;
  #state: State = "before";
  #expectsKey = false;
  #inKey = false;
  #token = "";
  #hex = "";
  #position = 0;
  #start = 0;
  #end: number | undefined;

  constructor(listener: JsonListener, wanted: WantedJson = "any") {
    this.#listener = listener;
    this.#search = new JsonStart(wanted);
  }

  /** Where the value lies in the text fed so far; `end` only once it is closed. */
  get span(): { readonly start: number; readonly end: number | undefined } {
    return { start: this.#start, end: this.#end };
  }

  get hasBegun(): boolean {
    return this.#state !== "before";
  }

  feed(text: string): void {
    if (this.#state === "before") this.#begin(this.#search.feed(text));
    else this.#read(text);
  }

  #begin(start: number | undefined): void {
    if (start === undefined) return;
    this.#start = this.#position = start;
    this.#state = "between";
    this.#read(this.#search.text.slice(start));
  }

  #read(text: string): void {
    for (let index = 0; index < text.length; index++) {
      if (this.#state === "string") index = this.#plainRun(text, index);
      const unit = text[index];
      if (unit !== undefined) this.#unit(unit);
    }
    if (this.#state === "string" || this.#state === "escape" || this.#state === "hex") this.#flushPiece();
  }

  /** Nothing more comes: tells a last number that had no delimiter. */
  end(): void {
    if (this.#state === "before") this.#begin(this.#search.end());
    if (this.#state === "scalar") this.#endScalar(0);
  }

  /** Takes everything up to the next quote or backslash in one go. */
  #plainRun(text: string, from: number): number {
    let index = from;
    while (index < text.length && text[index] !== '"' && text[index] !== "\\") index++;
    this.#token += text.slice(from, index);
    this.#position += index - from;
    return index;
  }

  #unit(unit: string): void {
    this.#position += 1;
    switch (this.#state) {
      case "between":
        this.#between(unit);
        break;
      case "string":
        if (unit === '"') this.#endString();
        else this.#state = "escape";
        break;
      case "escape":
        this.#escape(unit);
        break;
      case "hex":
        this.#hexDigit(unit);
        break;
      case "scalar":
        this.#scalar(unit);
        break;
      case "before":
      case "after":
        break;
    }
  }

  #between(unit: string): void {
    if (unit === "{") this.#openValue("object");
    else if (unit === "[") this.#openValue("array");
    else if (unit === "}" || unit === "]") this.#closeValue();
    else if (unit === '"') this.#startString();
    else if (unit === ",") this.#expectsKey = this.#open.at(-1) === "object";
    else if (unit !== ":" && !/\s/.test(unit)) {
      this.#token = unit;
      this.#state = "scalar";
    }
  }

  #scalar(unit: string): void {
    if (!/[\s,\]}]/.test(unit)) {
      this.#token += unit;
      return;
    }
    this.#endScalar(-1);
    if (this.#open.length > 0) this.#between(unit);
  }

  #escape(unit: string): void {
    this.#hex = "";
    this.#state = unit === "u" ? "hex" : "string";
    if (unit !== "u") this.#token += ESCAPES[unit] ?? unit;
  }

  #openValue(kind: "object" | "array"): void {
    this.#open.push(kind);
    this.#expectsKey = kind === "object";
    this.#listener.open(kind);
  }

  #closeValue(): void {
    this.#open.pop();
    this.#listener.close();
    this.#endValue();
  }

  #startString(): void {
    this.#inKey = this.#expectsKey;
    this.#state = "string";
    if (!this.#inKey) this.#listener.stringStart();
  }

  #hexDigit(unit: string): void {
    this.#hex += unit;
    if (this.#hex.length < 4) return;
    const code = Number.parseInt(this.#hex, 16);
    if (!Number.isNaN(code)) this.#token += String.fromCharCode(code);
    this.#state = "string";
  }

  #flushPiece(): void {
    if (this.#inKey || this.#token === "") return;
    this.#listener.stringPiece(this.#token);
    this.#token = "";
  }

  #endString(): void {
    if (this.#inKey) {
      this.#listener.key(this.#token);
      this.#expectsKey = false;
      this.#inKey = false;
      this.#state = "between";
    } else {
      this.#flushPiece();
      this.#listener.stringEnd();
      this.#endValue();
    }
    this.#token = "";
  }

  /** `delimiter` is what was read past the value. */
  #endScalar(delimiter: number): void {
    this.#listener.scalar(this.#token);
    this.#token = "";
    this.#endValue(delimiter);
  }

  #endValue(past = 0): void {
    this.#expectsKey = false;
    this.#state = this.#open.length === 0 ? "after" : "between";
    if (this.#state === "after") this.#end = this.#position + past;
  }
}
