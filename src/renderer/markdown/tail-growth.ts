/**
 * Shows plain words that a document grew by without a render: they are added to the text node that the open end
 * finished with. Most updates are such words, and then cost a fifth of a render.
 */
import type { Tail } from "./blocks.js";
import type { LiveDocument } from "./live-document.js";
import { Stillness } from "./stillness.js";

/** Characters that neither start nor end anything within a line that has begun with a word. */
const PLAIN_TEXT = /^[^\n\r\t*_`~[\])<>&;\\|#@/]*$/;
const PLAIN_CODE = /^[^\n\r`~]*$/;
/** What a word of plain text becomes a link by. */
const MAKES_LINK = /www\.|[@/]/i;
const LETTER = /\p{L}/u;
/** Further back than any host name is long. */
const LONGEST_WORD = 256;
/** Enough of the text to tell that a node shows the end of it. */
const COMPARED = 32;

interface Place {
  readonly node: Text;
  /** What React has rendered into the node. */
  readonly rendered: string;
  readonly plain: RegExp;
  /** White space at the end of the source that is shown once something follows it. */
  gap: string;
}

export class TailGrowth {
  readonly #stillness = new Stillness();
  #root: HTMLElement | null = null;
  #tail: Tail | undefined;
  #generation = -1;
  /** Null where the open end has no place that can grow; undefined where that is not known yet. */
  #place: Place | null | undefined;
  /** Units of the document's unread text that are shown. */
  #taken = 0;

  /** What the document has now is rendered into `root`. */
  rendered(root: HTMLElement, document: LiveDocument, tail: Tail | undefined): void {
    this.#root = root;
    this.#tail = tail;
    this.#generation = document.generation;
    this.#place = undefined;
    this.#taken = 0;
    if (tail) this.#stillness.moved(root);
    else this.#stillness.stop();
  }

  /** Shows what the document grew by. False where that takes a render. */
  grow(document: LiveDocument): boolean {
    if (!this.#root || document.finished || document.generation !== this.#generation) return false;
    const text = document.unread.slice(this.#taken);
    if (text === "") return true;
    this.#place ??= placeOf(this.#root, this.#tail) ?? null;
    const place = this.#place;
    if (!place?.node.isConnected || !place.plain.test(text)) return false;
    if (place.plain === PLAIN_TEXT && mayBeLink(place.node, text)) return false;
    const written = place.gap + text;
    const shown = place.plain === PLAIN_CODE ? written : written.trimEnd();
    if (shown !== "") place.node.appendData(shown);
    place.gap = written.slice(shown.length);
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
  if (!LETTER.test(source.slice(source.lastIndexOf("\n") + 1))) return undefined;
  const node = lastText(root);
  const parent = node?.parentElement;
  if (!node || !parent?.classList.contains("md-caret") || parent.localName === "td") return undefined;
  const rendered = node.data;
  if (parent.classList.contains("md-code-part")) {
    return source.endsWith(rendered.slice(-COMPARED)) ? { node, rendered, plain: PLAIN_CODE, gap: "" } : undefined;
  }
  const shown = rendered.trimEnd();
  const written = source.trimEnd();
  if (shown === "" || !PLAIN_TEXT.test(shown.slice(-1)) || !written.endsWith(shown.slice(-COMPARED))) return undefined;
  return { node, rendered, plain: PLAIN_TEXT, gap: shown === rendered ? source.slice(written.length) : "" };
}

/** Whether `more` could make a link of the node's last word, or go on with the one before the node. */
function mayBeLink({ data, previousSibling }: Text, more: string): boolean {
  const word = data.slice(-LONGEST_WORD).split(/\s/).at(-1) ?? "";
  return MAKES_LINK.test(word + more) || (word === data && previousSibling !== null);
}

function lastText(root: HTMLElement): Text | undefined {
  const groups = root.querySelectorAll(":scope > .md-group");
  let node: Node | null | undefined = groups[groups.length - 1];
  while (node && !(node instanceof Text)) node = node.lastChild;
  return node ?? undefined;
}
