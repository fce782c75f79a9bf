import { appendPiece, mapPieces } from "./block-list.js";
import { BlockSplitter } from "./block-splitter.js";
import type { Block, Group, ListBlock, Piece, Tail } from "./blocks.js";
import { RUN_LENGTH } from "./blocks.js";
import { DefinitionTable } from "./definition-table.js";

/**
 * A growing Markdown document: finished blocks, each replaced only when a definition it refers to arrives, and the
 * text that is still open. Text is cut up when it is first asked for, so that a document nobody shows costs its text.
 */
export class LiveDocument {
  #text = "";
  #pending = "";
  #revision = 0;
  #finished = false;
  #splitter = this.#newSplitter();
  #definitions = new DefinitionTable();
  #groups: readonly Group[] = [];
  #nextId = 0;
  #tailId = 0;
  #rows: string[] = [];
  #baseOffset = 0;
  readonly #listeners = new Set<() => void>();

  /** @param baseOffset offset in the stream, in UTF-16 units, at which `content` starts */
  constructor(content = "", baseOffset = 0) {
    if (content !== "" || baseOffset !== 0) this.reset(content, baseOffset);
  }

  /** Adds text at the end. Text after `finish` opens the document again. */
  append(text: string): void {
    if (text === "") return;
    if (this.#finished) {
      this.reset(this.#text + text, this.#baseOffset);
      return;
    }
    this.#text += text;
    this.#pending += text;
    this.#changed();
  }

  /** Starts over with `content`, whose first unit is at `baseOffset` in the stream. */
  reset(content: string, baseOffset = 0): void {
    this.#splitter = this.#newSplitter();
    this.#definitions = new DefinitionTable();
    this.#groups = [];
    this.#rows = [];
    this.#tailId = this.#newId();
    this.#finished = false;
    this.#text = content;
    this.#pending = content;
    this.#baseOffset = baseOffset;
    this.#changed();
  }

  /** Nothing follows: what is open becomes finished. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#changed();
  }

  /** UTF-16 units held: `text.length`. */
  get length(): number {
    return this.#text.length;
  }

  get text(): string {
    return this.#text;
  }

  /** Offset in the stream of the first unit of `text`. */
  get baseOffset(): number {
    return this.#baseOffset;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Calls `listener` after every change, until the function it returns is called. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Finished blocks in groups; groups and blocks keep their identity until they change. */
  get groups(): readonly Group[] {
    this.#read();
    return this.#groups;
  }

  /** The open end, or undefined where nothing is open. */
  get tail(): Tail | undefined {
    this.#read();
    const { kind, tail } = this.#splitter;
    const inside = kind === "list" || kind === "table";
    const source = kind === "table" ? this.#rows.join("") + tail : tail;
    if (this.#finished || (source === "" && !inside)) return undefined;
    return { kind: inside ? "inside" : kind === "fence" ? "fence" : "text", id: this.#tailId, source };
  }

  /** Definitions seen so far, as Markdown: what the open end may refer to. */
  get definitions(): DefinitionTable {
    return this.#definitions;
  }

  #read(): void {
    const pending = this.#pending;
    if (pending !== "") {
      this.#pending = "";
      this.#splitter.append(pending);
    }
    if (this.#finished) this.#splitter.finish();
  }

  #changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  #piece(source: string): Piece {
    const defined = this.#definitions.collect(source);
    if (defined.size > 0) this.#define(defined);
    return { id: this.#newId(), source, definitions: this.#definitions.usedBy(source) };
  }

  /** Gives definitions that just arrived to the finished pieces that refer to them. */
  #define(labels: ReadonlySet<string>): void {
    const refresh = (piece: Piece): Piece => {
      if (!this.#definitions.refersTo(piece.source, labels)) return piece;
      return { ...piece, definitions: this.#definitions.usedBy(piece.source) };
    };
    this.#groups = mapPieces(this.#groups, refresh);
  }

  #addBlock(block: Block): void {
    const last = this.#groups.at(-1);
    if (last && last.blocks.length < RUN_LENGTH) {
      this.#groups = this.#groups.with(-1, { ...last, blocks: [...last.blocks, block] });
    } else {
      this.#groups = [...this.#groups, { id: this.#groups.length, blocks: [block] }];
    }
    this.#tailId = this.#newId();
  }

  #replaceLast(change: (block: Block) => Block): void {
    const group = this.#groups.at(-1);
    const block = group?.blocks.at(-1);
    if (!group || !block) return;
    this.#groups = this.#groups.with(-1, { ...group, blocks: group.blocks.with(-1, change(block)) });
  }

  #newSplitter(): BlockSplitter {
    return new BlockSplitter({
      block: (source) => {
        const piece = this.#piece(source);
        this.#addBlock({ ...piece, kind: "markdown", id: this.#tailId });
      },
      listOpened: ({ ordered, start }) => {
        this.#addBlock({ kind: "list", id: this.#tailId, ordered, start, loose: false, hasTasks: false, runs: [] });
      },
      item: (source, loose) => {
        const piece = this.#piece(source);
        this.#replaceLast((block) => (block.kind === "list" ? withItem(block, piece, loose) : block));
      },
      listClosed: () => undefined,
      tableOpened: (head) => {
        this.#addBlock({ kind: "table", id: this.#tailId, head: this.#piece(head), runs: [] });
      },
      row: (line) => {
        this.#rows.push(line);
        if (this.#rows.length === RUN_LENGTH) this.#flushRows();
      },
      tableClosed: () => this.#flushRows(),
    });
  }

  #flushRows(): void {
    if (this.#rows.length === 0) return;
    const source = this.#rows.join("");
    this.#rows = [];
    const last = this.#groups.at(-1)?.blocks.at(-1);
    if (last?.kind !== "table") return;
    const piece = this.#piece(last.head.source + source);
    this.#replaceLast((block) =>
      block.kind === "table" ? { ...block, runs: appendPiece(block.runs, piece, 1) } : block,
    );
  }
}

function withItem(block: ListBlock, piece: Piece, loose: boolean): ListBlock {
  return {
    ...block,
    loose: block.loose || loose,
    hasTasks: block.hasTasks || isTask(piece.source),
    runs: appendPiece(block.runs, piece, RUN_LENGTH),
  };
}

function isTask(source: string): boolean {
  return /^ {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]+\[[ \txX]\]\s/.test(source);
}
