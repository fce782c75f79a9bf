import type { List, RootContent } from "mdast";
import { isBlank, lineAt, lineStart, opensFence, startsParagraph } from "./line-syntax.js";
import { parseMarkdown } from "./parse-markdown.js";

/** Told of everything that no later text can change, in document order. */
export interface SplitterSink {
  block(source: string): void;
  listOpened(list: { ordered: boolean; start: number }): void;
  /** `loose`: the item, or its distance to the next one, makes the whole list loose. */
  item(source: string, loose: boolean): void;
  listClosed(): void;
  tableOpened(head: string): void;
  row(line: string): void;
  tableClosed(): void;
}

/** The top-level block that the next line may still continue. */
type Open =
  | { readonly kind: "none" }
  | { readonly kind: "content" | "quote" | "html" | "indented" | "other"; closed: boolean; afterBlank: boolean }
  | { readonly kind: "fence"; readonly closing: RegExp; closed: boolean }
  | { readonly kind: "list"; width: number; afterBlank: boolean }
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
    this.#close();
  }

  #line(line: string): void {
    if (isBlank(line)) {
      this.#blank(line);
      return;
    }
    this.#closeBefore(line);
    if (this.#continues(line)) this.#extend(line);
    else this.#resolve(line);
  }

  /** Closes the open block where the first character of what follows already tells that it ends. */
  #closeBefore(text: string): void {
    const open = this.#open;
    if (open.kind === "none") return;
    if (open.kind === "list") {
      if (open.afterBlank && /^[^\s\d*+-]/.test(text)) this.#close();
    } else if (open.closed || ("afterBlank" in open && open.afterBlank && /^\S/.test(text) && open.kind !== "html")) {
      this.#close();
    }
  }

  /** True where `line` certainly continues the open block, or certainly opens a paragraph or a fence. */
  #continues(line: string): boolean {
    const open = this.#open;
    switch (open.kind) {
      case "none": {
        const closing = opensFence(line);
        if (closing) this.#open = { kind: "fence", closing, closed: false };
        else if (startsParagraph(line)) this.#open = { kind: "content", closed: false, afterBlank: false };
        else return false;
        return true;
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
        return /^ {0,3}>/.test(line);
      case "html":
        return !line.includes(">");
      case "indented":
      case "other":
        return line.startsWith("    ");
    }
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
        if (!open.closed) this.#source += line;
        return;
      default:
        open.afterBlank = true;
        this.#source += line;
    }
  }

  /** Some HTML blocks end at a blank line, others at a mark on their last line: asks the parser. */
  #probeHtml(open: { closed: boolean }): void {
    open.closed = parseMarkdown(`${this.#source}x\n`).children.length > 1;
  }

  #isRow(head: string, line: string): boolean {
    const [table, ...others] = parseMarkdown(head + line).children;
    return table?.type === "table" && table.children.length === 2 && others.length === 0;
  }

  /** Parses the open block with `line`, tells what is finished, and keeps what is not. */
  #resolve(line: string): void {
    if (this.#open.kind === "table") this.#close();
    const text = this.#source + line;
    const units = unitsOf(text, parseMarkdown(text).children);
    if (this.#open.kind === "list" && units[0]?.node.type !== "list") {
      this.#sink.listClosed();
      this.#open = { kind: "none" };
    }
    units.forEach((unit, index) => {
      const last = index === units.length - 1;
      const source = text.slice(unit.start, units[index + 1]?.start);
      if (unit.node.type === "list") this.#list(unit.node, text, last ? undefined : unit.start + source.length);
      else if (unit.node.type === "table") this.#table(source, last);
      else if (last) this.#keep(unit.node, source);
      else {
        this.#source = source;
        this.#close();
      }
    });
  }

  #keep(node: RootContent, source: string): void {
    this.#source = source;
    const fence = opensFence(lineAt(source, 0));
    if (node.type === "code" && fence) {
      this.#open = { kind: "fence", closing: fence, closed: false };
    } else {
      const kind = kindOf(node);
      const closed = node.type === "heading" || node.type === "thematicBreak";
      const open = { kind, closed, afterBlank: false };
      this.#open = open;
      if (kind === "html") this.#probeHtml(open);
    }
  }

  /** `end`: where the list ends in `text`, if it does. */
  #list(list: List, text: string, end: number | undefined): void {
    if (this.#open.kind !== "list") {
      this.#sink.listOpened({ ordered: list.ordered === true, start: list.start ?? 1 });
    }
    const starts = list.children.map((item) => lineStart(text, item.position?.start.offset ?? 0));
    list.children.forEach((item, index) => {
      const last = index === list.children.length - 1;
      const source = text.slice(starts[index], last ? end : starts[index + 1]);
      if (last && end === undefined) {
        this.#source = source;
        this.#open = { kind: "list", width: contentWidth(source), afterBlank: false };
      } else {
        this.#sink.item(source, list.spread === true || item.spread === true);
      }
    });
    if (end !== undefined) {
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

  #close(): void {
    const { kind } = this.#open;
    const source = this.#source;
    this.#open = { kind: "none" };
    this.#source = "";
    if (kind === "list") {
      this.#sink.item(source, isLooseItem(source));
      this.#sink.listClosed();
    } else if (kind === "table") {
      this.#sink.tableClosed();
    } else if (source !== "") {
      this.#sink.block(source);
    }
  }
}

interface Unit {
  readonly start: number;
  readonly node: RootContent;
}

/** Nodes that later text cannot regroup: definitions stay with a paragraph that follows at once, as it may become a title. */
function unitsOf(text: string, nodes: readonly RootContent[]): Unit[] {
  const units: Unit[] = [];
  nodes.forEach((node, index) => {
    const previous = nodes[index - 1];
    const adjoining =
      previous?.type === "definition" && previous.position?.end.line === (node.position?.start.line ?? 0) - 1;
    const start = lineStart(text, node.position?.start.offset ?? 0);
    const joined = adjoining && (node.type === "paragraph" || node.type === "definition" || node.type === "heading");
    const unit = joined ? units.pop() : undefined;
    units.push({ start: unit?.start ?? start, node });
  });
  return units;
}

function kindOf(node: RootContent): "content" | "quote" | "html" | "indented" | "other" {
  switch (node.type) {
    case "blockquote":
      return "quote";
    case "html":
      return "html";
    case "code":
      return "indented";
    case "footnoteDefinition":
      return "other";
    default:
      return "content";
  }
}

function indentOf(line: string): number {
  let width = 0;
  while (line[width] === " ") width += 1;
  return width;
}

/** Columns from which a line certainly belongs to the list item that `source` starts, or Infinity where that is not certain. */
function contentWidth(source: string): number {
  const marker = /^ {0,3}(?:[*+-]|\d{1,9}[.)])( {1,4})(?=[^\s])/.exec(source);
  return marker ? marker[0].length : Number.POSITIVE_INFINITY;
}

function isLooseItem(source: string): boolean {
  if (!/\n[ \t]*\n[ \t]*\S/.test(source)) return false;
  const [list] = parseMarkdown(source).children;
  return list?.type === "list" && (list.spread === true || list.children.some((item) => item.spread === true));
}
