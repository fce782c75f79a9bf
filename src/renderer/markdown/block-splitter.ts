import type { Blockquote, FootnoteDefinition, List, ListItem, RootContent } from "mdast";
import { isBlank, lineAt, lineStart, opensFence, startsParagraph } from "./line-syntax.js";
import { parseBlocks } from "./parse-markdown.js";

export interface ItemTraits {
  /** The item, or its distance to the next one, makes the whole list loose. */
  readonly loose: boolean;
  readonly task: boolean;
}

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
type LeafKind = "content" | "quote" | "html" | "indented" | "other";

type Open =
  | { readonly kind: "none" }
  | { readonly kind: LeafKind; closed: boolean; afterBlank: boolean }
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
    this.#close(true);
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
      if (open.afterBlank && /^[^\s\d*+>[-]/.test(text)) this.#close();
    } else if (
      open.closed ||
      ("afterBlank" in open && open.afterBlank && /^[A-Za-z]/.test(text) && open.kind !== "html")
    ) {
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
        this.#open = { kind: "list", width: contentWidth(source), afterBlank: false };
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

interface Unit {
  readonly start: number;
  readonly node: RootContent;
  readonly kind: LeafKind | "list" | "table";
}

/**
 * What can be parsed apart. Definitions stay with a paragraph that follows at once, as it may become their title; and
 * so does any block that, without a blank line before it, reads differently by itself.
 */
function unitsOf(text: string, nodes: readonly RootContent[]): Unit[] {
  const units: Unit[] = [];
  nodes.forEach((node, index) => {
    const start = lineStart(text, node.position?.start.offset ?? 0);
    const previous = nodes[index - 1];
    const adjoins = previous?.position?.end.line === (node.position?.start.line ?? 0) - 1;
    const title = previous?.type === "definition" && isContent(node);
    const openEnded =
      previous?.type === "code" && start > 0 && opensFence(lineAt(text, units.at(-1)?.start ?? 0)) === undefined;
    if ((adjoins && title) || ((adjoins || openEnded) && !readsAlike(text.slice(start), nodes.slice(index)))) {
      const joined = units.pop()?.start ?? start;
      units.push({ start: joined, node, kind: title ? kindOf(node) : "other" });
    } else {
      units.push({ start, node, kind: kindOf(node) });
    }
  });
  return units;
}

function isContent(node: RootContent): boolean {
  return node.type === "paragraph" || node.type === "definition" || node.type === "heading";
}

function readsAlike(source: string, nodes: readonly RootContent[]): boolean {
  return shape(parseBlocks(source).children) === shape(nodes);
}

/** The kinds of the blocks in `nodes`, nested. */
function shape(nodes: readonly RootContent[]): string {
  return nodes.map((node) => (isBlockContainer(node) ? `${node.type}(${shape(node.children)})` : node.type)).join();
}

function kindOf(node: RootContent): Unit["kind"] {
  switch (node.type) {
    case "list":
    case "table":
      return node.type;
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

function isBlockContainer(node: RootContent): node is List | ListItem | Blockquote | FootnoteDefinition {
  return node.type === "listItem" || isContainer(node);
}

function isContainer(node: RootContent): node is List | Blockquote | FootnoteDefinition {
  return node.type === "list" || node.type === "blockquote" || node.type === "footnoteDefinition";
}

/** The parser leaves the last blank line out of a list that a leaf block ends, even in an open fence. */
function withoutLastBlank(source: string): string {
  return source.replace(/\n[ \t]*\n$/, "\n");
}

/** Traits of the only item in `source`, parsed only where its text could give it any. */
function lastItemTraits(source: string): ItemTraits {
  if (!/\n[ \t]*\n[ \t]*\S/.test(source) && !/^ {0,3}\S+[ \t]+\[[ \txX]\]/.test(source))
    return { loose: false, task: false };
  const [list] = parseBlocks(source).children;
  const item = list?.type === "list" ? list.children[0] : undefined;
  return list?.type === "list" && item ? traitsOf(list, item) : { loose: false, task: false };
}

function traitsOf(list: List, item: ListItem): ItemTraits {
  return { loose: list.spread === true || item.spread === true, task: typeof item.checked === "boolean" };
}
