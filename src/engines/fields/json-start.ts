/** Which JSON value is looked for: `any` also begins with a number or a text, `list` is a list or an object. */
export type WantedJson = "any" | "object" | "list";

const THOUGHT = /\s*<(think|thinking|reasoning|thought)>/y;
const MAYBE_THOUGHT = /\s*<[a-z]{0,9}$/y;
/**
 * An object begins with a key: braces in a sentence seldom do. Keys are no longer than this: else a quote that nobody
 * closes would have all that follows it searched again with every piece.
 */
const OBJECT = /\{\s{0,99}"(?:[^"\\\n]|\\.){0,200}"\s{0,99}:/y;
const MAYBE_OBJECT = /\{\s{0,99}(?:"(?:[^"\\\n]|\\.){0,200}\\?(?:"\s{0,99})?)?$/y;
const LIST = /\[\s{0,99}[[{"]/y;
const MAYBE_LIST = /\[\s{0,99}$/y;
const EMPTY = /\{\s*\}|\[\s*\]/y;

/**
 * Finds where the JSON value begins in an answer that arrives in pieces, past a model's thoughts in tags, a fence and
 * polite words. What it says depends on the whole text alone, not on how that was cut.
 */
export class JsonStart {
  readonly #wanted: WantedJson;
  #text = "";
  #at = 0;
  #state: "start" | "thought" | "words" = "start";
  #closing = "";
  #thought = 0;
  /** Where the thoughts end. */
  #words = 0;
  #empty: number | undefined;

  constructor(wanted: WantedJson) {
    this.#wanted = wanted;
  }

  /** All of the text so far. */
  get text(): string {
    return this.#text;
  }

  /** Where the value begins, once that is sure. */
  feed(text: string): number | undefined {
    this.#text += text;
    return this.#wanted === "any" ? this.#findAny() : this.#find();
  }

  /** Nothing more comes: where the value begins after all, such as one that is empty, or behind a thought without end. */
  end(): number | undefined {
    if (this.#wanted === "any") return undefined;
    if (this.#state === "thought") {
      this.#at = this.#thought;
      this.#state = "words";
    }
    return this.#find() ?? this.#brokenOff() ?? this.#empty;
  }

  /** A value that broke off in its first key. */
  #brokenOff(): number | undefined {
    const rest = this.#text.slice(this.#at);
    const isAlone = this.#text.slice(this.#words, this.#at).trim() === "";
    return this.#state === "words" && rest !== "" && (isAlone || rest.includes('"')) ? this.#at : undefined;
  }

  #findAny(): number | undefined {
    for (; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text[this.#at] ?? "";
      if (/\s/.test(unit)) continue;
      const starts = this.#state === "words" ? /[{[]/ : /[{["\d-]/;
      this.#state = "words";
      if (starts.test(unit)) return this.#at;
    }
    return undefined;
  }

  #find(): number | undefined {
    if (this.#state !== "words" && !this.#passThoughts()) return undefined;
    for (;;) {
      const start = nextOf(this.#text, this.#wanted === "list" ? /[{[]/g : /\{/g, this.#at);
      this.#at = start ?? this.#text.length;
      if (start === undefined) return undefined;
      const [begins, mayBegin] = this.#text[start] === "{" ? [OBJECT, MAYBE_OBJECT] : [LIST, MAYBE_LIST];
      if (matches(begins, this.#text, start)) return start;
      if (matches(mayBegin, this.#text, start)) return undefined;
      if (matches(EMPTY, this.#text, start)) this.#empty ??= start;
      this.#at = start + 1;
    }
  }

  /** False while it may still be a thought. */
  #passThoughts(): boolean {
    for (;;) {
      if (this.#state === "start") {
        THOUGHT.lastIndex = this.#at;
        const tag = THOUGHT.exec(this.#text)?.[1];
        if (tag === undefined) {
          if (this.#text.slice(this.#at).trim() === "" || matches(MAYBE_THOUGHT, this.#text, this.#at)) return false;
          this.#state = "words";
          this.#words = this.#at;
          return true;
        }
        this.#state = "thought";
        this.#closing = `</${tag}>`;
        this.#at = this.#thought = THOUGHT.lastIndex;
      }
      const end = this.#text.indexOf(this.#closing, this.#at);
      if (end < 0) {
        // The tag itself may have come in part.
        this.#at = Math.max(this.#thought, this.#text.length - this.#closing.length);
        return false;
      }
      this.#at = end + this.#closing.length;
      this.#state = "start";
    }
  }
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function nextOf(text: string, pattern: RegExp, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}
