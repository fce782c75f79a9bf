/** What the open end of a document grows by as it stands, told from its characters alone. */
import type { InlineTag, Step } from "./grown-nodes.js";
import { isBlank } from "./line-syntax.js";
import { isUndecided } from "./mend-open-end.js";

/**
 * What the end of a line does to the text before it. `ends`: nothing is shown of what follows before it has words, which
 * are no part of the text. `ends-bare`: the same where it has no marks. `joins`: words go on with the text.
 */
export type LineEnd = "renders" | "ends" | "ends-bare" | "joins";

/** The text that a document is written on at. */
export interface OpenText {
  /** Its last word, with the words that it follows without a space. */
  readonly word: string;
  /** Its last character; none in a cell or a mark that has just begun. */
  readonly last: string;
  readonly plain: RegExp;
  readonly lineEnd: LineEnd;
  /** The mark it stands in; UNKNOWN_MARK where what is rendered does not tell. */
  readonly mark: string;
  /** Whether a mark in its block is shown as it is: it may belong to one that follows. */
  readonly besideMarks: () => boolean;
  /** Whether it is in brackets, of which nothing is shown until the address of the link is there. */
  readonly inBrackets: boolean;
  readonly cell: OpenCell | undefined;
  /** The end of the source, which is shown once something follows it: white space, marks on a line of their own, an address. */
  readonly gap: string;
}

export interface OpenCell {
  readonly column: number;
  /** Of the table; undefined in a head, which has as many as are written. */
  readonly columns: number | undefined;
  /** How many rows may still be added. */
  readonly rows: number;
}

export interface Growth {
  readonly steps: readonly Step[];
  /** After them. */
  readonly text: OpenText;
}

export const UNKNOWN_MARK = "?";

/** Characters that neither start nor end anything within a line that has begun with a word. */
export const PLAIN_TEXT = /^[^\n\r\t*_`~[\]<>&\\|#@/]*$/;
/** The same in text that may have a link, whose address ends at a bracket. */
export const PLAIN_BESIDE_LINKS = /^[^\n\r\t*_`~[\])<>&\\|#@/]*$/;
/** The same in a code span, where no underscore begins or ends a word. */
const PLAIN_SPAN = /^(?:[^\n\r\t*_`~[\]<>&\\|]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*$/;
/** What a word of plain text becomes a link by. */
const MAKES_LINK = /www\.|[@/]/i;
const OPEN_REFERENCE = /&#?\w*$/;
const WORD = /^\p{L}/u;
const ALPHANUMERIC = /^[\p{L}\p{N}]/u;
const TAGS: Readonly<Record<string, InlineTag>> = { "**": "strong", "*": "em", _: "em", "`": "code" };
const CODE_MARK = "`";
/** What ends a link after its address. */
export const LINK_END = ")";
const MARK = /\*\*|[*_`[]/;
const MARK_IN_TABLE = /\*\*|[*_`[|\n]/;
/** What may follow a mark that closes: space, or the end of a sentence. */
const AFTER_MARK = /^(?:\s|[.,;:!?]+(?:\s|$))/;
/** Words in brackets, then an address that is no link before its end. */
const IN_BRACKETS = /^([^\n\r\t*_`~[\])<>&\\|#@/]*)(\]\([^\s()<>[\]\\*_`~|]*)?$/;
const DELIMITERS = /^[ \t|:-]*$/;
const NEXT_ROW = /^[ \t]*\|/;
/** Further back than any host name, or name of a character, is long. */
const LONGEST_WORD = 256;
const UNDECIDED_ROW = /^[ \t]*\|?[ \t]*$/;

/** What `text` grows by where `more` follows it; undefined where that takes a render. */
export function growthOf(text: OpenText, more: string): Growth | undefined {
  const scan = new Scan(text, text.gap + more);
  return scan.run() ? scan.growth() : undefined;
}

/** Reads what follows a text, mark by mark. What returns a boolean is false where it takes a render. */
class Scan {
  readonly #text: OpenText;
  readonly #written: string;
  readonly #steps: Step[] = [];
  #word: string;
  #last: string;
  #mark: string;
  #inBrackets: boolean;
  #besideMarks: () => boolean;
  /** The cell that is shown, and the one that is read. */
  #cell: OpenCell | undefined;
  #column: number;
  #beginsCell = false;
  #beginsRow = false;
  /** Whether what follows decides about the mark that was read last. */
  #waits = false;
  /** Up to where `#written` is read, and up to where it is shown. */
  #read = 0;
  #shown = 0;

  constructor(text: OpenText, written: string) {
    this.#text = text;
    this.#written = written;
    this.#word = text.word;
    this.#last = text.last;
    this.#mark = text.mark;
    this.#inBrackets = text.inBrackets;
    this.#besideMarks = text.besideMarks;
    this.#cell = text.cell;
    this.#column = text.cell?.column ?? 0;
  }

  run(): boolean {
    while (!this.#waits) {
      const rest = this.#written.slice(this.#read);
      const words = this.#inBrackets ? IN_BRACKETS.exec(rest)?.[1] : undefined;
      if (words !== undefined) return this.#show(words);
      const at = rest.search(this.#pattern());
      if (at < 0) return this.#end(rest);
      if (!this.#take(rest.slice(0, at), rest.startsWith("**", at) ? "**" : (rest[at] ?? ""), rest)) return false;
    }
    return true;
  }

  /** Takes `words` and the mark after them, with which `rest` begins. */
  #take(words: string, mark: string, rest: string): boolean {
    const after = rest.slice(words.length + mark.length);
    if (mark === "|" || mark === "\n") return this.#endCell(words, mark, after);
    return this.#mark === "" ? this.#open(words, mark, after) : this.#close(words, mark, after);
  }

  #pattern(): RegExp {
    if (this.#mark === CODE_MARK) return /`/;
    if (this.#mark === LINK_END) return /\)/;
    return this.#cell ? MARK_IN_TABLE : MARK;
  }

  growth(): Growth {
    const text = {
      ...this.#text,
      word: this.#word,
      last: this.#last,
      mark: this.#mark,
      plain: this.#inBrackets ? PLAIN_BESIDE_LINKS : this.#text.plain,
      inBrackets: this.#inBrackets,
      besideMarks: this.#besideMarks,
      cell: this.#cell,
      gap: this.#written.slice(this.#shown),
    };
    return { steps: this.#steps, text };
  }

  #end(rest: string): boolean {
    const end = this.#mark === CODE_MARK ? -1 : rest.lastIndexOf("\n");
    if (end < 0) return this.#show(rest);
    const { plain, lineEnd } = this.#text;
    // White space before the end of a line breaks it, or is not shown.
    if (lineEnd === "renders" || /[ \t]\n/.test(this.#last + rest)) return false;
    const begun = rest.slice(end + 1);
    const open = isBlank(begun) || (lineEnd !== "ends-bare" && isUndecided(begun));
    const lines = (open ? rest.slice(0, end) : rest).split("\n");
    const goesOn = lines.every(
      (line, at) => plain.test(line) && (at === 0 || (lineEnd === "joins" && WORD.test(line))),
    );
    const shown = lines.join("\n").trimEnd();
    return goesOn && this.#add(shown, shown.length);
  }

  /** Words that marks stand around. White space after them waits for what follows it, unless they are taken `whole`. */
  #show(words: string, whole = false): boolean {
    const plain = this.#mark === CODE_MARK ? PLAIN_SPAN : this.#inBrackets ? PLAIN_BESIDE_LINKS : this.#text.plain;
    if (!plain.test(words)) return false;
    const shown = whole ? words : words.trimEnd();
    if (!this.#beginsCell) return this.#add(shown, shown.length);
    const begun = shown.trimStart();
    if (begun === "") return true;
    if (!this.#cell?.columns && !ALPHANUMERIC.test(begun)) return false;
    return this.#enterCell() && this.#add(begun, shown.length);
  }

  /** @param length of what shows as `text`, from where it is read on */
  #add(text: string, length: number): boolean {
    if (text === "") return true;
    const found = this.#word + text;
    if (this.#mark !== CODE_MARK && MAKES_LINK.test(found)) return false;
    if (text.includes(";") && OPEN_REFERENCE.test(found.slice(0, found.indexOf(";", this.#word.length)))) return false;
    this.#steps.push({ kind: "text", text });
    this.#word = lastWord(found);
    this.#last = text.slice(-1);
    this.#shown = this.#read + length;
    return true;
  }

  #open(words: string, mark: string, after: string): boolean {
    const begins = this.#beginsCell && words.trim() === "";
    if (!(begins ? this.#enterCell() : this.#show(words, true))) return false;
    if (begins) this.#shown = this.#read + words.length;
    else if (/\S/.test(words.slice(-1) || this.#last)) return false;
    if (!(after === "" || ALPHANUMERIC.test(after)) || this.#besideMarks()) return false;
    this.#waits = after === "";
    const tag = TAGS[mark];
    if (tag && this.#waits) return true;
    if (tag) this.#steps.push({ kind: "open", tag });
    else this.#inBrackets = true;
    return this.#passed(words, mark, { mark: tag ? mark : UNKNOWN_MARK, word: "", last: "" });
  }

  #close(words: string, mark: string, after: string): boolean {
    const before = words.slice(-1) || this.#last;
    if (after === "" && this.#mark.startsWith(mark) && /\S/.test(before) && !this.#besideMarks()) {
      this.#waits = true;
      return this.#show(words);
    }
    const closes = ALPHANUMERIC.test(before) ? AFTER_MARK.test(after) : /\S/.test(before) && /^\s/.test(after);
    if (mark !== this.#mark || !closes || this.#besideMarks() || !this.#show(words, true)) return false;
    this.#steps.push({ kind: "close" });
    return this.#passed(words, mark, { mark: "", word: mark === CODE_MARK ? "" : this.#word, last: mark });
  }

  #passed(words: string, mark: string, now: { mark: string; word: string; last: string }): boolean {
    this.#read += words.length + mark.length;
    this.#shown = this.#read;
    this.#mark = now.mark;
    this.#word = now.word;
    this.#last = now.last;
    return true;
  }

  /** Whether nothing is shown of a line that goes on with a table as `begun`. */
  #waitsForRow(begun: string): boolean {
    return (this.#cell?.columns === undefined ? DELIMITERS : UNDECIDED_ROW).test(begun);
  }

  #endCell(words: string, mark: string, after: string): boolean {
    if (this.#mark !== "" || !this.#show(words)) return false;
    this.#waits = mark === "\n" && this.#waitsForRow(after);
    if (this.#waits) return true;
    // A head has a column for each bar.
    if (mark === "|" && this.#beginsCell && !this.#cell?.columns) return false;
    this.#read += words.length + mark.length;
    this.#beginsCell = true;
    if (mark === "|") {
      this.#column += 1;
      return true;
    }
    const bar = NEXT_ROW.exec(after);
    if (!bar || this.#beginsRow || !this.#cell?.columns || this.#cell.rows === 0) return false;
    this.#read += bar[0].length;
    this.#column = 0;
    this.#beginsRow = true;
    return true;
  }

  #enterCell(): boolean {
    if (!this.#cell) return false;
    const { columns = Number.POSITIVE_INFINITY, rows } = this.#cell;
    if (this.#column >= columns) return false;
    this.#cell = { ...this.#cell, column: this.#column, rows: this.#beginsRow ? rows - 1 : rows };
    if (this.#beginsRow) this.#steps.push({ kind: "row" });
    this.#steps.push({ kind: "cell", column: this.#column });
    this.#beginsCell = false;
    this.#beginsRow = false;
    this.#word = "";
    this.#last = "";
    this.#besideMarks = () => false;
    return true;
  }
}

export function lastWord(text: string): string {
  return text.slice(-LONGEST_WORD).split(/\s/).at(-1) ?? "";
}
