/** Where in what is rendered a document is written on. */
import { RUN_LENGTH, type Tail } from "./blocks.js";
import { CARET } from "./grown-nodes.js";
import { isHeading, opensQuote, opensRow } from "./line-syntax.js";
import { opensList } from "./list-item-syntax.js";
import { isTableHead, withoutBegunMark, withoutUndecided } from "./mend-open-end.js";
import {
  LINK_END,
  type LineEnd,
  lastWord,
  type OpenCell,
  type OpenText,
  PLAIN_BESIDE_LINKS,
  PLAIN_TEXT,
  UNKNOWN_MARK,
} from "./tail-steps.js";

/** One line of code, in whatever block. */
const PLAIN_CODE = /^[^\n\r`~]*$/;
/** Lines of a fence that is a block of its own: nothing but a fence ends it. */
const PLAIN_LINES = /^[^\r`~]*$/;
/** A link whose address is being written: it is not shown, and must not be mistaken for the text that is. */
const OPEN_ADDRESS = /\]\([^)]*$/;
const BARE_ADDRESS = /^\]\([^\s()<>[\]\\*_`~|]*$/;
/** The end of a cell that is not shown. */
const LAST_BAR = /\|\s*$/;
const LETTER = /\p{L}/u;
const SHOWN_MARK = /[*_`~[\]\\<&]/;
/** Marks of which the open end may show more than is written, and less. */
const UNCLEAR_MARKS = /\*{3}|_{2}|[\p{L}\p{N}]\*+[\p{L}\p{N}]/u;
/** Enough of the text to tell that a node shows the end of it. */
const COMPARED = 32;
/** What goes on at the end of its text as it has begun; its markers are closed by whatever is not plain. */
const GOES_ON = new Set(["strong", "em", "del", "code"]);
const MARKS: Readonly<Record<string, readonly string[]>> = { strong: ["**"], em: ["*", "_"], code: ["`"] };
const LINK = "a, .md-refused-link";
/** A table that is a block of its own. */
const TABLE = ".md-group > .md-table > table";

/** Code that plain lines are added to as they are. */
export interface OpenCode {
  readonly plain: RegExp;
}

export interface Place {
  readonly node: Text;
  /** One of the two. */
  readonly code?: OpenCode;
  readonly text?: OpenText;
}

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

/** Where what is rendered into `root` as the end of a document goes on; undefined where only a render can tell. */
export function placeOf(root: HTMLElement, tail: Tail | undefined): Place | undefined {
  const source = tail?.source ?? "";
  const line = source.slice(source.lastIndexOf("\n") + 1);
  let group = root.lastElementChild;
  while (group && !group.classList.contains("md-group")) group = group.previousElementSibling;
  const caret = group && lastCaret(group);
  const node = caret && lastText(caret);
  if (!tail || !node || (tail.kind !== "fence" && withoutUndecided(source) !== source)) return undefined;
  if (caret.classList.contains("md-code-part")) {
    const plain = tail.kind === "fence" && !/^ /.test(source) ? PLAIN_LINES : PLAIN_CODE;
    const begun = plain === PLAIN_LINES || LETTER.test(line);
    return begun && source.endsWith(node.data.slice(-COMPARED)) ? { node, code: { plain } } : undefined;
  }
  const cell = caret instanceof HTMLTableCellElement ? openCell(caret, source, line) : undefined;
  if (!LETTER.test(line) || cell === null) return undefined;
  const hidden = hiddenEnd(source, node);
  if (!hidden) return undefined;
  const { words, mark, bracket } = hidden;
  const plain = source.includes("[") ? PLAIN_BESIDE_LINKS : PLAIN_TEXT;
  const shown = node.data.trimEnd();
  const written = (cell ? words.replace(LAST_BAR, "") : words).trimEnd();
  const compared = shown.slice(-Math.min(COMPARED, bracket?.length ?? COMPARED));
  const isShown = mark === LINK_END || (shown !== "" && plain.test(shown.slice(-1)) && written.endsWith(compared));
  if (!isShown) return undefined;
  const text: OpenText = {
    word: wordBefore(node),
    last: node.data.slice(-1),
    plain,
    lineEnd: lineEndIn(caret, node, tail),
    mark: bracketIsOpen(words) || UNCLEAR_MARKS.test(source) ? UNKNOWN_MARK : (mark ?? markAround(node, written)),
    besideMarks: () => besideMarks(node),
    inBrackets: bracket !== undefined,
    cell,
    gap: source.slice(shown === node.data ? written.length : words.length),
  };
  return { node, text };
}

interface HiddenEnd {
  /** The source that is shown. */
  readonly words: string;
  /** What ends the text once something follows it. */
  readonly mark?: string;
  /** What is shown of open brackets. */
  readonly bracket?: string | undefined;
}

/** What is not shown of the end of a source that is shown by `node`; undefined where only a render can tell. */
function hiddenEnd(source: string, node: Text): HiddenEnd | undefined {
  const { parentElement } = node;
  const inside = parentElement?.textContent ?? "";
  if (parentElement?.matches(LINK)) {
    const ends = /\[([^[\]]*)\]\([^\s()]*\)$/.exec(source)?.[1] === inside;
    return ends ? { words: source.slice(0, -LINK_END.length), mark: LINK_END } : undefined;
  }
  const address = OPEN_ADDRESS.exec(source)?.[0];
  if (address !== undefined) {
    const words = source.slice(0, -address.length);
    const bracket = openBracket(words, node.data);
    return bracket && BARE_ADDRESS.test(address) ? { words, bracket } : undefined;
  }
  const mark = MARKS[parentElement?.localName ?? ""]?.find((each) => source.endsWith(inside + each));
  if (mark)
    return goesOn(parentElement?.parentElement ?? null) ? undefined : { words: source.slice(0, -mark.length), mark };
  const words = withoutBegunMark(source);
  return { words, bracket: openBracket(words, node.data) };
}

function lineEndIn(caret: Element, node: Text, { kind, source }: Tail): LineEnd {
  if (node.parentElement?.localName === "code") return "renders";
  const block = BLOCKS.find(({ place }) => caret.matches(place));
  // What stands before it in the same open end would be finished by the line.
  return block && (kind === "inside" ? block.holdsItems : block.begins(source)) ? block.lineEnd : "renders";
}

/** The caret's element stands in the last block that holds one: most often the last of all. */
function lastCaret(group: Element): Element | undefined {
  for (let block = group.lastElementChild; block; block = block.previousElementSibling) {
    if (block.classList.contains(CARET)) return block;
    const inside = block.getElementsByClassName(CARET);
    if (inside.length > 0) return inside[inside.length - 1];
  }
  return undefined;
}

/** The text that ends `element`, if what it stands in goes on as it has begun. */
function lastText(element: Element): Text | undefined {
  let node = element.lastChild;
  while (node instanceof Element && (goesOn(node) || node.matches(LINK))) node = node.lastChild;
  return node instanceof Text ? node : undefined;
}

function goesOn(element: Element | null): boolean {
  return element !== null && GOES_ON.has(element.localName);
}

function bracketIsOpen(source: string): boolean {
  return source.lastIndexOf("[") > source.lastIndexOf("]");
}

/** What `source` ends with after a bracket that is open, where `shown` ends with the same and has no bracket. */
function openBracket(source: string, shown: string): string | undefined {
  if (!bracketIsOpen(source)) return undefined;
  const at = source.lastIndexOf("[");
  const words = source.slice(at + 1).trimEnd();
  const before = shown.trimEnd().slice(0, -words.length);
  if (words === "" || /[!\\]$/.test(source.slice(0, at)) || before.endsWith("[")) return undefined;
  return shown.trimEnd().endsWith(words.slice(-COMPARED)) ? words : undefined;
}

/** The mark that `node` stands in, as `written` has it before what is shown. */
function markAround({ parentElement }: Text, written: string): string {
  if (!parentElement || !goesOn(parentElement)) return "";
  const inside = parentElement.textContent.trimEnd();
  const before = written.slice(0, -inside.length);
  if (goesOn(parentElement.parentElement) || !written.endsWith(inside)) return UNKNOWN_MARK;
  const mark = MARKS[parentElement.localName]?.find((each) => before.endsWith(each));
  return mark && before.at(-1 - mark.length) !== mark[0] ? mark : UNKNOWN_MARK;
}

/** Whether the block that `node` stands in shows a mark outside its code. */
function besideMarks(node: Text): boolean {
  let block: Element | null = node.parentElement;
  while (block && goesOn(block)) block = block.parentElement;
  return [...(block?.childNodes ?? [])].some((child) => {
    const isCode = child instanceof Element && child.localName === "code";
    return !isCode && SHOWN_MARK.test(child.textContent ?? "");
  });
}

/** The cell of a table that is a block of its own; null where the source tells of another cell, or of no row. */
function openCell(caret: HTMLTableCellElement, source: string, line: string): OpenCell | undefined | null {
  const column = caret.cellIndex;
  if (!opensRow(line) || columnOf(line.replace(LAST_BAR, "")) !== column) return null;
  if (caret.closest("table")?.matches(TABLE) !== true) return undefined;
  if (caret.localName === "td") return { column, columns: caret.parentElement?.children.length, rows: RUN_LENGTH };
  return isTableHead(source) ? { column, columns: undefined, rows: 0 } : undefined;
}

/** The column that the end of a table's line is in, or a later one where it has escaped bars. */
function columnOf(line: string): number {
  return line.replace(/^\s*\|/, "").split("|").length - 1;
}

/** The last word of the text that ends with `text`, also where a mark stands within it. */
function wordBefore(text: Text): string {
  let word = lastWord(text.data);
  let node: Node = text;
  for (let isWhole = word === text.data; isWhole; ) {
    while (!node.previousSibling && node.parentElement && goesOn(node.parentElement)) node = node.parentElement;
    if (!node.previousSibling) break;
    node = node.previousSibling;
    const before = node.textContent ?? "";
    const end = lastWord(before);
    word = end + word;
    isWhole = end === before;
  }
  return word;
}
