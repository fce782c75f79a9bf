/** The class of what the caret stands in. */
export const CARET = "md-caret";

/** What stands in running text and is closed by its own mark. */
export type InlineTag = "strong" | "em" | "code";

export type Step =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "open"; readonly tag: InlineTag }
  | { readonly kind: "close" }
  /** The cell of this number in the row. */
  | { readonly kind: "cell"; readonly column: number }
  /** A row more, before its first cell. */
  | { readonly kind: "row" };

/** Writes at the end of what React has rendered, and takes it all back before React goes on. */
export class GrownNodes {
  readonly #first: Text;
  readonly #rendered: string;
  #node: Text;
  #row: Element | null;
  #undo: (() => void)[] = [];

  /** @param node the text that is written on */
  constructor(node: Text) {
    this.#first = node;
    this.#rendered = node.data;
    this.#node = node;
    this.#row = node.parentElement?.closest("tr") ?? null;
  }

  /** The text that was written last. */
  get node(): Text {
    return this.#node;
  }

  write(steps: readonly Step[]): void {
    for (const step of steps) this.#take(step);
  }

  /** Gives React's nodes back as it knows them. */
  undo(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
    if (this.#first.data !== this.#rendered) this.#first.data = this.#rendered;
  }

  #take(step: Step): void {
    const parent = this.#node.parentElement;
    switch (step.kind) {
      case "text":
        this.#node.appendData(step.text);
        break;
      case "open":
        this.#goOnIn(this.#add(parent, document.createElement(step.tag)));
        break;
      case "close":
        this.#goOnIn(parent?.parentElement ?? null);
        break;
      case "row":
        this.#row = this.#add(this.#row?.parentElement ?? null, emptyRow(this.#row));
        break;
      case "cell": {
        const cell = this.#row?.children[step.column] ?? this.#add(this.#row, document.createElement("th"));
        this.#moveCaret(parent?.closest("th, td") ?? null, cell);
        this.#goOnIn(cell);
      }
    }
  }

  #goOnIn(parent: Element | null): void {
    this.#node = this.#add(parent, new Text());
  }

  #add<Added extends Element | Text>(parent: Element | null, added: Added): Added {
    parent?.append(added);
    this.#undo.push(() => added.remove());
    return added;
  }

  #moveCaret(from: Element | null, to: Element): void {
    from?.removeAttribute("class");
    to.className = CARET;
    this.#undo.push(() => {
      to.removeAttribute("class");
      if (from) from.className = CARET;
    });
  }
}

function emptyRow(row: Element | null): Element {
  const empty = document.createElement("tr");
  for (const cell of row?.children ?? []) {
    const copy = cell.cloneNode(false) as Element;
    copy.removeAttribute("class");
    empty.append(copy);
  }
  return empty;
}
