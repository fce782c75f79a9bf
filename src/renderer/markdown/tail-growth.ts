/**
 * Shows plain words, ends of lines, and lines of code that a document grew by without a render: they are added to the
 * text node that the open end finished with. Seven updates of ten are such text, and then cost a fifth of a render.
 */
import type { Tail } from "./blocks.js";
import { LINES_PER_SPAN } from "./code-lines.js";
import { isBlank, isHeading, opensQuote } from "./line-syntax.js";
import { opensList } from "./list-item-syntax.js";
import type { LiveDocument } from "./live-document.js";
import { isUndecided, withoutUndecided } from "./mend-open-end.js";
import { Stillness } from "./stillness.js";

/** Characters that neither start nor end anything within a line that has begun with a word. */
const PLAIN_TEXT = /^[^\n\r\t*_`~[\]<>&\\|#@/]*$/;
/** The same in text that may have a link, whose address ends at a bracket. */
const PLAIN_BESIDE_LINKS = /^[^\n\r\t*_`~[\])<>&\\|#@/]*$/;
/** One line of code, in whatever block. */
const PLAIN_CODE = /^[^\n\r`~]*$/;
/** Lines of a fence that is a block of its own: nothing but a fence ends it. */
const PLAIN_LINES = /^[^\r`~]*$/;
/** What a word of plain text becomes a link by. */
const MAKES_LINK = /www\.|[@/]/i;
/** A link whose address is being written: it is not shown, and must not be mistaken for the text that is. */
const OPEN_ADDRESS = /\]\([^)]*$/;
const OPEN_REFERENCE = /&#?\w*$/;
const LETTER = /\p{L}/u;
const WORD = /^\p{L}/u;
/** Further back than any host name, or name of a character, is long. */
const LONGEST_WORD = 256;
/** Enough of the text to tell that a node shows the end of it. */
const COMPARED = 32;
/** What goes on at the end of its text as it has begun; its markers are closed by whatever is not plain. */
const GOES_ON = new Set(["strong", "em", "del", "code"]);

interface Place {
  readonly node: Text;
  /** What React has rendered into the node. */
  readonly rendered: string;
  readonly plain: RegExp;
  readonly lineEnd: LineEnd;
  /** The end of the source that is shown once something follows it: white space, and marks on a line of their own. */
  gap: string;
}

/**
 * What the end of a line does to the text before it. `ends`: nothing is shown of what follows before it has words, which
 * are no part of the text. `ends-bare`: the same where it has no marks. `joins`: words go on with the text.
 */
type LineEnd = "renders" | "ends" | "ends-bare" | "joins";

interface OpenBlock {
  /** What the caret stands in. */
  readonly place: string;
  /** Whether a source begins with the block, and so is all of it. */
  readonly begins: (source: string) => boolean;
  readonly lineEnd: LineEnd;
  readonly holdsItems?: boolean;
}

const BLOCKS: readonly OpenBlock[] = [
  { place: ".md-group > p", begins: (source) => /^ {0,3}[*_]{0,2}\p{L}/u.test(source), lineEnd: "joins" },
  { place: ".md-group > :is(h1, h2, h3, h4, h5, h6)", begins: isHeading, lineEnd: "ends-bare" },
  { place: ".md-group > blockquote *:not(th, td)", begins: opensQuote, lineEnd: "ends" },
  {
    place: ".md-group > :is(ul, ol) *:not(th, td)",
    begins: (source) => opensList(source) !== undefined,
    lineEnd: "ends",
    holdsItems: true,
  },
];

export class TailGrowth {
  readonly #stillness: Stillness;
  #root: HTMLElement | null = null;
  #tail: Tail | undefined;
  #generation = -1;
  /** Null where the open end has no place that can grow; undefined where that is not known yet. */
  #place: Place | null | undefined;
  /** Units of the document that are rendered, and units after them that are shown. */
  #rendered = 0;
  #taken = 0;
  #render: (() => void) | undefined;

  /** @param isBehind whether text has arrived that the document does not have yet */
  constructor(isBehind: () => boolean = () => false) {
    this.#stillness = new Stillness(isBehind);
  }

  /** The first `length` units of the document, which end with `tail`, are rendered into `root`. */
  rendered(root: HTMLElement, { generation }: LiveDocument, tail: Tail | undefined, length: number): void {
    this.#root = root;
    this.#tail = tail;
    this.#generation = generation;
    this.#rendered = length;
    this.#place = undefined;
    this.#taken = 0;
    if (tail) this.#stillness.moved(root);
    else this.#stillness.stop();
  }

  /** `render` renders the document anew, and nothing around it, until the returned function is called. */
  rendersBy(render: () => void): () => void {
    this.#render = render;
    return () => {
      this.#render = undefined;
    };
  }

  /** Shows what the document grew by, in a render of the document's own where it takes one. False where its owner must render it. */
  show(document: LiveDocument): boolean {
    if (this.grow(document)) return true;
    if (!this.#render || document.generation !== this.#generation) return false;
    this.#render();
    return true;
  }

  /** Shows what the document grew by. False where that takes a render. */
  grow(document: LiveDocument): boolean {
    if (!this.#root || document.finished || document.generation !== this.#generation) return false;
    const text = document.since(this.#rendered + this.#taken);
    if (text === undefined) return false;
    if (text === "") return true;
    this.#place ??= placeOf(this.#root, this.#tail) ?? null;
    const place = this.#place;
    if (!place?.node.isConnected) return false;
    const shown = isCode(place) ? shownCode(place, text) : shownText(place, text);
    if (shown === undefined) return false;
    if (shown !== "") place.node.appendData(shown);
    place.gap = (place.gap + text).slice(shown.length);
    this.#taken += text.length;
    this.#stillness.moved(this.#root);
    return true;
  }

  /** Gives the node back what React knows of it, just before React changes it. */
  restore(): void {
    const place = this.#place;
    if (place && this.#taken > 0) place.node.data = place.rendered;
    this.#place = null;
  }

  stop(): void {
    this.#stillness.stop();
    this.#root = null;
  }
}

function placeOf(root: HTMLElement, tail: Tail | undefined): Place | undefined {
  const source = tail?.source ?? "";
  const line = source.slice(source.lastIndexOf("\n") + 1);
  let group = root.lastElementChild;
  while (group && !group.classList.contains("md-group")) group = group.previousElementSibling;
  const caret = group && lastCaret(group);
  const node = caret && lastText(caret);
  if (!tail || !node || (tail.kind !== "fence" && withoutUndecided(source) !== source)) return undefined;
  const rendered = node.data;
  if (caret.classList.contains("md-code-part")) {
    const plain = tail.kind === "fence" && !/^ /.test(source) ? PLAIN_LINES : PLAIN_CODE;
    const begun = plain === PLAIN_LINES || LETTER.test(line);
    const at: Place = { node, rendered, plain, lineEnd: "renders", gap: "" };
    return begun && source.endsWith(rendered.slice(-COMPARED)) ? at : undefined;
  }
  if (!LETTER.test(line) || OPEN_ADDRESS.test(source)) return undefined;
  if (caret instanceof HTMLTableCellElement && cellOf(line) !== caret.cellIndex) return undefined;
  const plain = source.includes("[") ? PLAIN_BESIDE_LINKS : PLAIN_TEXT;
  const shown = rendered.trimEnd();
  const written = source.trimEnd();
  if (shown === "" || !plain.test(shown.slice(-1)) || !written.endsWith(shown.slice(-COMPARED))) return undefined;
  const gap = shown === rendered ? source.slice(written.length) : "";
  return { node, rendered, plain, lineEnd: lineEndIn(caret, node, tail), gap };
}

function lineEndIn(caret: Element, { parentElement }: Text, { kind, source }: Tail): LineEnd {
  if (parentElement?.localName === "code") return "renders";
  const block = BLOCKS.find(({ place }) => caret.matches(place));
  // What stands before it in the same open end would be finished by the line.
  return block && (kind === "inside" ? block.holdsItems : block.begins(source)) ? block.lineEnd : "renders";
}

/** What is seen of `text` at once; undefined where that takes a render. */
function shownCode({ node, plain }: Place, text: string): string | undefined {
  return plain.test(text) && !overflows(node, text) ? text : undefined;
}

/** What is seen at once of `text` and the gap before it; undefined where that takes a render. */
function shownText({ node, plain, lineEnd, gap }: Place, text: string): string | undefined {
  if (mayBeMore(node, text)) return undefined;
  const written = gap + text;
  const end = written.lastIndexOf("\n");
  if (end < 0) return plain.test(written) ? written.trimEnd() : undefined;
  // White space before the end of a line breaks it, or is not shown.
  if (lineEnd === "renders" || /[ \t]\n/.test(node.data.slice(-1) + written)) return undefined;
  const begun = written.slice(end + 1);
  const open = isBlank(begun) || (lineEnd !== "ends-bare" && isUndecided(begun));
  const lines = (open ? written.slice(0, end) : written).split("\n");
  const goesOn = lines.every((line, at) => plain.test(line) && (at === 0 || (lineEnd === "joins" && WORD.test(line))));
  return goesOn ? lines.join("\n").trimEnd() : undefined;
}

/** The caret's element stands in the last block that holds one: most often the last of all. */
function lastCaret(group: Element): Element | undefined {
  for (let block = group.lastElementChild; block; block = block.previousElementSibling) {
    if (block.classList.contains("md-caret")) return block;
    const inside = block.getElementsByClassName("md-caret");
    if (inside.length > 0) return inside[inside.length - 1];
  }
  return undefined;
}

function isCode({ plain }: Place): boolean {
  return plain === PLAIN_CODE || plain === PLAIN_LINES;
}

/** The column that the end of a table's line is in, or a later one where it has escaped bars. */
function cellOf(line: string): number {
  return line.replace(/^\s*\|/, "").split("|").length - 1;
}

/** Whether `more` could make a link or one character of the node's last word, or go on with the one before the node. */
function mayBeMore(node: Text, more: string): boolean {
  const { data } = node;
  const word = data.slice(-LONGEST_WORD).split(/\s/).at(-1) ?? "";
  if (MAKES_LINK.test(word + more) || (word === data && goesOnWithWord(node))) return true;
  return more.includes(";") && OPEN_REFERENCE.test(word + more.slice(0, more.indexOf(";")));
}

/** Whether the node's first word follows what is not a space, also where a marker stands between them. */
function goesOnWithWord(text: Text): boolean {
  let node: Node = text;
  while (!node.previousSibling && node.parentElement && GOES_ON.has(node.parentElement.localName))
    node = node.parentElement;
  return node.previousSibling !== null && !/\s$/.test(node.previousSibling.textContent ?? "");
}

/** Whether the lines are more than belong into one element. */
function overflows({ data }: Text, more: string): boolean {
  return more.includes("\n") && (data + more).split("\n").length > LINES_PER_SPAN;
}

/** The text that ends `element`, if what it stands in goes on as it has begun. */
function lastText(element: Element): Text | undefined {
  let node = element.lastChild;
  while (node instanceof Element && GOES_ON.has(node.localName)) node = node.lastChild;
  return node instanceof Text ? node : undefined;
}
