/**
 * Shows what a document grew by without a render: words, marks that begin or end, the cells and rows of a table, ends of
 * lines, and lines of code are written after what the open end finished with. Nine updates of ten are such text.
 */
import type { Tail } from "./blocks.js";
import { LINES_PER_SPAN } from "./code-lines.js";
import { GrownNodes } from "./grown-nodes.js";
import type { LiveDocument } from "./live-document.js";
import { Stillness } from "./stillness.js";
import { type OpenCode, placeOf } from "./tail-place.js";
import { growthOf, type OpenText } from "./tail-steps.js";

/** What a document is written on at. */
interface Open {
  readonly nodes: GrownNodes;
  readonly code: OpenCode | undefined;
  text: OpenText | undefined;
}

export class TailGrowth {
  readonly #stillness: Stillness;
  #root: HTMLElement | null = null;
  #tail: Tail | undefined;
  #generation = -1;
  /** Null where the open end cannot grow; undefined where that is not known yet. */
  #open: Open | null | undefined;
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
    this.#open = undefined;
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
    this.#open ??= openIn(this.#root, this.#tail) ?? null;
    if (!this.#open?.nodes.node.isConnected || !write(this.#open, text)) return false;
    this.#taken += text.length;
    this.#stillness.moved(this.#root);
    return true;
  }

  /** Gives React its nodes back as it knows them, just before it changes them. */
  restore(): void {
    this.#open?.nodes.undo();
    this.#open = null;
  }

  stop(): void {
    this.#stillness.stop();
    this.#root = null;
  }
}

function openIn(root: HTMLElement, tail: Tail | undefined): Open | undefined {
  const place = placeOf(root, tail);
  return place && { nodes: new GrownNodes(place.node), code: place.code, text: place.text };
}

/** False where that takes a render. */
function write(open: Open, text: string): boolean {
  const { nodes, code } = open;
  if (code) {
    if (!code.plain.test(text) || overflows(nodes.node, text)) return false;
    nodes.write([{ kind: "text", text }]);
    return true;
  }
  const growth = open.text && growthOf(open.text, text);
  if (!growth) return false;
  nodes.write(growth.steps);
  open.text = growth.text;
  return true;
}

/** Whether the lines are more than belong into one element. */
function overflows({ data }: Text, more: string): boolean {
  return more.includes("\n") && (data + more).split("\n").length > LINES_PER_SPAN;
}
