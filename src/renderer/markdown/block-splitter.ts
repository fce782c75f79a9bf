import type { List } from "mdast";
import {
  isBlank,
  isHeading,
  lineAt,
  lineStart,
  opensFence,
  opensQuote,
  opensRow,
  startsParagraph,
} from "./line-syntax.js";
import {
  contentWidth,
  hasBlankLine,
  type ItemTraits,
  indentOf,
  lastItemTraits,
  opensList,
  siblingOf,
  traitsOf,
  withoutLastBlank,
} from "./list-item-syntax.js";
import { parseBlocks } from "./parse-markdown.js";
import { isContainer, type LeafKind, type Unit, unitsOf } from "./top-level-units.js";

/** Told of everything that no later text can change, in document order. */
export interface SplitterSink {
  block(source: string): void;
  listOpened(list: { ordered: boolean; start: number }): void;
  item(source: string, traits: ItemTraits): void;
  listClosed(): void;
  tableOpened(head: string): void;
  row(line: string): void;
  tableClosed(): void;
}

/** The top-level block that the next line may still continue. */
type Open =
  | { readonly kind: "none" }
  | { readonly kind: LeafKind; closed: boolean; afterBlank: boolean }
  | { readonly kind: "fence"; readonly closing: RegExp; closed: boolean }
  | { readonly kind: "list"; readonly width: number; readonly sibling: RegExp | undefined; afterBlank: boolean }
  | { readonly kind: "table"; readonly head: string; closed: boolean };

export type OpenKind = Open["kind"];

/**
 * Cuts growing Markdown into top-level blocks, and top-level lists and tables into items and rows.
 *
 * A line whose effect is certain from its first characters costs nothing more; any other has the open block (or the
 * last item of the open list) parsed with it, so that each cut is one the Markdown parser itself would make.
 */
export class BlockSplitter {
  readonly #sink: SplitterSink;
  #open: Open = { kind: "none" };
  #source = "";
  #rest = "";

  constructor(sink: SplitterSink) {
    this.#sink = sink;
  }

  /** The kind of the open block, and its text since the last item or row that was told to the sink. */
  get kind(): OpenKind {
    return this.#open.kind;
  }

  get tail(): string {
    return this.#source + this.#rest;
  }

  append(text: string): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = this.#rest + text.slice(from, end + 1);
      this.#rest = "";
      from = end + 1;
      this.#line(line);
    }
    this.#rest += text.slice(from);
    if (!isBlank(this.#rest)) this.#closeBefore(this.#rest);
  }

  /** Nothing follows: everything that is left is finished. */
  finish(): void {
    const rest = this.#rest;
    this.#rest = "";
    if (rest !== "") this.#line(rest);
    this.#close(true);
  }

  #line(line: string): void {
    if (isBlank(line)) {
      this.#blank(line);
      return;
    }
    this.#closeBefore(line);
    if (this.#continues(line)) {
      this.#extend(line);
      if (this.#open.kind === "fence" && this.#open.closed) this.#close();
    } else if (this.#isSibling(line)) this.#nextItem(line);
    else if (!this.#opensList(line)) this.#resolve(line);
  }

  #opensList(line: string): boolean {
    const list = this.#open.kind === "none" ? opensList(line) : undefined;
    if (!list) return false;
    this.#sink.listOpened(list);
    this.#openItem(line);
    return true;
  }

  /** Closes the open block where the first character of what follows already tells that it ends. */
  #closeBefore(text: string): void {
    const open = this.#open;
    if (open.kind === "none") return;
    if (open.kind === "list") {
      if (open.afterBlank && /^[^\s\d*+>[-]/.test(text)) this.#close();
    } else if (
      open.closed ||
      ("afterBlank" in open && open.afterBlank && /^[A-Za-z]/.test(text) && open.kind !== "html")
    ) {
      this.#close();
    }
  }

  /** True where `line` certainly continues the open block, or certainly opens one. */
  #continues(line: string): boolean {
    const open = this.#open;
    switch (open.kind) {
      case "none": {
        this.#open = openedBy(line);
        return this.#open.kind !== "none";
      }
      case "content":
        return startsParagraph(line);
      case "fence":
        open.closed = open.closing.test(line);
        return true;
      case "list":
        return indentOf(line) >= open.width;
      case "table":
        return line.startsWith("|") || this.#isRow(open.head, line);
      case "quote":
        return opensQuote(line);
      case "html":
        return !line.includes(">");
      case "indented":
      case "other":
        return line.startsWith("    ");
    }
  }

  /** Whether `line` certainly starts the next item of the open list, with no blank line to make the list loose. */
  #isSibling(line: string): boolean {
    const open = this.#open;
    return open.kind === "list" && open.sibling?.test(line) === true && !hasBlankLine(this.#source);
  }

  #nextItem(line: string): void {
    this.#sink.item(this.#source, lastItemTraits(this.#source));
    this.#openItem(line);
  }

  #openItem(source: string): void {
    this.#source = source;
    this.#open = { kind: "list", width: contentWidth(source), sibling: siblingOf(source), afterBlank: false };
  }

  #extend(line: string): void {
    const open = this.#open;
    if (open.kind === "table") {
      this.#sink.row(line);
      return;
    }
    if ("afterBlank" in open) open.afterBlank = false;
    this.#source += line;
  }

  #blank(line: string): void {
    const open = this.#open;
    switch (open.kind) {
      case "none":
        return;
      case "content":
      case "quote":
      case "table":
        open.closed = true;
        return;
      case "html":
        this.#source += line;
        this.#probeHtml(open);
        return;
      case "fence":
        this.#source += line;
        return;
      default:
        open.afterBlank = true;
        this.#source += line;
    }
  }

  /** Some HTML blocks end at a blank line, others at a mark on their last line: asks the parser. */
  #probeHtml(open: { closed: boolean }): void {
    open.closed = parseBlocks(`${this.#source}x\n`).children.length > 1;
  }

  #isRow(head: string, line: string): boolean {
    const [table, ...others] = parseBlocks(head + line).children;
    return table?.type === "table" && table.children.length === 2 && others.length === 0;
  }

  /** Parses the open block with `line`, tells what is finished, and keeps what is not. */
  #resolve(line: string): void {
    if (this.#open.kind === "table") this.#close();
    const text = this.#source + line;
    const units = unitsOf(text, parseBlocks(text).children);
    if (this.#open.kind === "list" && units[0]?.kind !== "list") {
      this.#sink.listClosed();
      this.#open = { kind: "none" };
    }
    units.forEach((unit, index) => {
      const last = index === units.length - 1;
      const source = text.slice(unit.start, units[index + 1]?.start);
      if (unit.kind === "list" && unit.node.type === "list") this.#list(unit.node, text, units[index + 1]);
      else if (unit.kind === "table") this.#table(source, last);
      else if (last) this.#keep(unit, source);
      else {
        this.#source = source;
        this.#close();
      }
    });
  }

  #keep({ node, kind }: Unit, source: string): void {
    this.#source = source;
    const fence = opensFence(lineAt(source, 0));
    if (node.type === "code" && fence) {
      this.#open = { kind: "fence", closing: fence, closed: false };
    } else {
      if (kind === "list" || kind === "table") return;
      const closed = node.type === "heading" || node.type === "thematicBreak";
      const open = { kind, closed, afterBlank: false };
      this.#open = open;
      if (kind === "html") this.#probeHtml(open);
    }
  }

  /** `next`: what ends the list in `text`, if something does. */
  #list(list: List, text: string, next: Unit | undefined): void {
    if (this.#open.kind !== "list") {
      this.#sink.listOpened({ ordered: list.ordered === true, start: list.start ?? 1 });
    }
    const starts = list.children.map((item) => lineStart(text, item.position?.start.offset ?? 0));
    list.children.forEach((item, index) => {
      const last = index === list.children.length - 1;
      const source = text.slice(starts[index], last ? next?.start : starts[index + 1]);
      if (last && !next) {
        this.#source = source;
        this.#openItem(source);
      } else {
        const ended = last && next && !isContainer(next.node);
        this.#sink.item(ended ? withoutLastBlank(source) : source, traitsOf(list, item));
      }
    });
    if (next) {
      this.#sink.listClosed();
      this.#open = { kind: "none" };
      this.#source = "";
    }
  }

  #table(source: string, last: boolean): void {
    const headEnd = source.indexOf("\n", source.indexOf("\n") + 1) + 1 || source.length;
    const head = source.slice(0, headEnd);
    this.#sink.tableOpened(head);
    for (let from = headEnd; from < source.length; ) {
      const line = lineAt(source, from);
      if (!isBlank(line)) this.#sink.row(line);
      from += line.length;
    }
    this.#source = "";
    this.#open = { kind: "table", head, closed: false };
    if (!last) this.#close();
  }

  #close(atEnd = false): void {
    const { kind } = this.#open;
    const source = (kind === "list" || kind === "other") && !atEnd ? withoutLastBlank(this.#source) : this.#source;
    this.#open = { kind: "none" };
    this.#source = "";
    if (kind === "list") {
      this.#sink.item(source, lastItemTraits(source));
      this.#sink.listClosed();
    } else if (kind === "table") {
      this.#sink.tableClosed();
    } else if (source !== "") {
      this.#sink.block(source);
    }
  }
}

/** What `line` certainly opens, apart from a list. */
function openedBy(line: string): Open {
  const closing = opensFence(line);
  if (closing) return { kind: "fence", closing, closed: false };
  if (startsParagraph(line) || opensRow(line)) return { kind: "content", closed: false, afterBlank: false };
  if (isHeading(line)) return { kind: "content", closed: true, afterBlank: false };
  if (opensQuote(line)) return { kind: "quote", closed: false, afterBlank: false };
  return { kind: "none" };
}
