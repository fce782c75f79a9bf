import { appendPiece, mapPieces } from "./block-list.js";
import { BlockSplitter } from "./block-splitter.js";
import type { Block, Group, ListBlock, Piece, Tail } from "./blocks.js";
import { GROUP_LENGTH, RUN_LENGTH } from "./blocks.js";
import { DefinitionTable } from "./definition-table.js";
import { type FootnoteSection, FootnoteTable, sameUses } from "./footnote-table.js";
import { lineAt } from "./line-syntax.js";
import type { ItemTraits } from "./list-item-syntax.js";

/**
 * A growing Markdown document: finished blocks, each replaced only when a definition it refers to arrives, and the
 * text that is still open. Text is cut up when it is first asked for, so that a document nobody shows costs its text.
 */
export class LiveDocument {
  #text = "";
  #pending = "";
  #revision = 0;
  #generation = 0;
  #finished = false;
  #splitter = this.#newSplitter();
  #definitions = new DefinitionTable();
  #footnotes = new FootnoteTable();
  #section: FootnoteSection | undefined;
  /** Labels whose definitions arrived since the finished pieces were last told. */
  #arrived = new Set<string>();
  #renumber = false;
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
    this.#generation += 1;
    this.#splitter = this.#newSplitter();
    this.#definitions = new DefinitionTable();
    this.#footnotes = new FootnoteTable();
    this.#section = undefined;
    this.#arrived = new Set();
    this.#renumber = false;
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

  /** Text from offset `from` in `text` on; undefined where `groups` or `tail` have been asked for with later text. */
  since(from: number): string | undefined {
    const read = this.#text.length - this.#pending.length;
    return from < read ? undefined : this.#pending.slice(from - read);
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Grows when the document starts over: nothing of an earlier generation is left. */
  get generation(): number {
    return this.#generation;
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

  /** The footnotes that are referred to and defined. */
  get footnotes(): FootnoteSection | undefined {
    this.#read();
    return this.#section;
  }

  #read(): void {
    const pending = this.#pending;
    if (pending !== "") {
      this.#pending = "";
      this.#splitter.append(pending);
    }
    if (this.#finished) this.#splitter.finish();
    this.#settle();
  }

  #changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  #piece(source: string, id = this.#newId()): Piece {
    for (const label of this.#definitions.collect(source)) this.#arrived.add(label);
    if (this.#footnotes.collect(id, source)) this.#renumber = true;
    return { id, source, definitions: this.#definitions.usedBy(source) };
  }

  /** Gives what arrived to the finished pieces that refer to it. */
  #settle(): void {
    const stale = this.#renumber || (this.#section !== undefined && this.#arrived.size > 0);
    if (this.#arrived.size > 0) {
      const labels = this.#arrived;
      this.#arrived = new Set();
      this.#groups = mapPieces(this.#groups, (piece) => {
        if (!this.#definitions.refersTo(piece.source, labels)) return piece;
        return { ...piece, definitions: this.#definitions.usedBy(piece.source) };
      });
    }
    if (this.#renumber) {
      this.#renumber = false;
      const numbering = this.#footnotes.numbering();
      this.#groups = mapPieces(this.#groups, (piece) => {
        const footnotes = numbering.get(piece.id);
        return sameUses(piece.footnotes, footnotes) ? piece : { ...piece, footnotes };
      });
    }
    if (stale) this.#section = this.#footnotes.section((source) => this.#definitions.usedBy(source));
  }

  #addBlock(block: Block): void {
    const last = this.#groups.at(-1);
    if (last && last.blocks.length < GROUP_LENGTH) {
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

  /** A list whose only item turned out to be something else. */
  #dropEmptyList(): void {
    const group = this.#groups.at(-1);
    const block = group?.blocks.at(-1);
    if (!group || block?.kind !== "list" || block.runs.length > 0) return;
    this.#groups = this.#groups.with(-1, { ...group, blocks: group.blocks.slice(0, -1) });
  }

  #newSplitter(): BlockSplitter {
    return new BlockSplitter({
      block: (source) => {
        this.#addBlock({ ...this.#piece(source, this.#tailId), kind: "markdown" });
      },
      listOpened: ({ ordered, start }) => {
        this.#addBlock({ kind: "list", id: this.#tailId, ordered, start, loose: false, hasTasks: false, runs: [] });
      },
      item: (source, traits) => {
        const piece = this.#piece(source);
        this.#replaceLast((block) => (block.kind === "list" ? withItem(block, piece, traits) : block));
      },
      listClosed: () => this.#dropEmptyList(),
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
    const piece = this.#piece(plainHead(last.head.source) + source);
    this.#replaceLast((block) =>
      block.kind === "table" ? { ...block, runs: appendPiece(block.runs, piece, 1) } : block,
    );
  }
}

function withItem(block: ListBlock, piece: Piece, { loose, task }: ItemTraits): ListBlock {
  return {
    ...block,
    loose: block.loose || loose,
    hasTasks: block.hasTasks || task,
    runs: appendPiece(block.runs, piece, RUN_LENGTH),
  };
}

/** The delimiter row of `head` under a head that says nothing. */
function plainHead(head: string): string {
  const delimiters = lineAt(head, lineAt(head, 0).length);
  const columns = delimiters.match(/-+/g)?.length ?? 1;
  return `|${"x|".repeat(columns)}\n${delimiters}`;
}
